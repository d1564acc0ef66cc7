#pragma once

#include <algorithm>
#include <array>
#include <coroutine>
#include <cstdlib>
#include <optional>
#include <span>
#include <utility>

namespace rondo {

template <class T>
class Task;
class AnyDone;

namespace detail {

// Resumes whoever awaited the finished task, by symmetric transfer: a loop of awaits that complete
// at once runs in constant stack (on WASM this needs -mtail-call).
struct FinalAwaiter {
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) const noexcept {
    const auto next = finished.promise().continuation;
    return next ? next : std::noop_coroutine();
  }
  void await_resume() const noexcept {}
};

struct TaskPromiseBase {
  std::coroutine_handle<> continuation;

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  // Exceptions are off; nothing can arrive here.
  [[noreturn]] void unhandled_exception() const noexcept { std::abort(); }
};

template <class T>
struct TaskPromise : TaskPromiseBase {
  std::optional<T> value;

  Task<T> get_return_object() noexcept;
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() { return std::move(*value); }
};

template <>
struct TaskPromise<void> : TaskPromiseBase {
  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() const noexcept {}
};

}  // namespace detail

// A computation that may suspend. Lazy: it starts when it is awaited, or by `start` at the root of
// a request. It owns its frame: destroying the Task destroys everything the computation holds,
// whatever it waits for. A Task is awaited at most once.
//
// A coroutine takes its parameters by value, or by reference to what its caller provably outlives;
// nothing borrowed lives across a `co_await`, and lambdas that capture are never coroutines (their
// captures die with the lambda, not with the frame).
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) noexcept : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  auto operator co_await() && noexcept {
    struct Awaiter {
      Handle handle;
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) const noexcept {
        handle.promise().continuation = awaiting;
        return handle;
      }
      T await_resume() const { return handle.promise().take(); }
    };
    return Awaiter{handle_};
  }

  // Runs to the first suspension. For the root of a request, and for what goes on beside its maker
  // (see AnyDone); else `co_await`.
  void start() { handle_.resume(); }
  bool done() const { return handle_.done(); }
  // The value of a finished task that was started.
  T take() { return handle_.promise().take(); }

 private:
  friend class AnyDone;
  Handle handle_;
};

namespace detail {

template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>{std::coroutine_handle<TaskPromise<T>>::from_promise(*this)};
}

inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>{std::coroutine_handle<TaskPromise<void>>::from_promise(*this)};
}

}  // namespace detail

// Awaits until one of several started tasks is done, eight at most; which one, `done` tells. The
// others go on and may be awaited so again. The tasks outlive the wait.
class AnyDone {
 public:
  static constexpr std::size_t kMostTasks = 8;

  AnyDone() = default;
  template <class... T>
  explicit AnyDone(Task<T>&... tasks) {
    (add(tasks), ...);
  }

  template <class T>
  void add(Task<T>& task) {
    if (count_ == kMostTasks) std::abort();
    waited_[count_++] = {task.handle_, &task.handle_.promise()};
  }

  bool await_ready() const noexcept {
    return std::ranges::any_of(all(), [](const Waited& each) { return each.handle.done(); });
  }
  void await_suspend(std::coroutine_handle<> awaiting) const noexcept { set(awaiting); }
  // What ends later has nobody to resume.
  void await_resume() const noexcept { set({}); }

 private:
  struct Waited {
    std::coroutine_handle<> handle;
    detail::TaskPromiseBase* promise = nullptr;
  };

  void set(std::coroutine_handle<> continuation) const noexcept {
    for (const Waited& each : all()) each.promise->continuation = continuation;
  }
  std::span<const Waited> all() const noexcept { return {waited_.data(), count_}; }

  std::array<Waited, kMostTasks> waited_{};
  std::size_t count_ = 0;
};

}  // namespace rondo
