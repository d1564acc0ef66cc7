#include "base/task.h"

#include <gtest/gtest.h>

#include <coroutine>
#include <memory>
#include <string>
#include <vector>

namespace rondo {
namespace {

Task<int> counting(int& runs) {
  ++runs;
  co_return runs;
}

Task<void> suspendsHolding(std::shared_ptr<int> held) {
  const auto alsoHeld = held;
  co_await std::suspend_always();
  *alsoHeld = 1;
}

Task<void> awaitsHolding(std::shared_ptr<int> held) {
  co_await suspendsHolding(held);
  *held = 2;
}

Task<std::unique_ptr<std::string>> movable() { co_return std::make_unique<std::string>("moved"); }

TEST(TaskTest, DoesNothingBeforeItIsStarted) {
  int runs = 0;
  auto task = counting(runs);
  EXPECT_EQ(runs, 0);
  task.start();
  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(task.done());
  EXPECT_EQ(task.take(), 1);
}

TEST(TaskTest, OneThatIsNeverStartedDestroysItsParameters) {
  auto held = std::make_shared<int>(0);
  {
    const auto task = suspendsHolding(held);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(TaskTest, DroppedAtASuspensionItDestroysAllThatItHolds) {
  auto held = std::make_shared<int>(0);
  {
    auto task = awaitsHolding(held);
    task.start();
    EXPECT_FALSE(task.done());
    EXPECT_GT(held.use_count(), 3);
  }
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(*held, 0);
}

TEST(TaskTest, AFinishedTaskHasLetGoOfItsLocals) {
  auto held = std::make_shared<int>(0);
  const auto outer = [](std::shared_ptr<int> inner) -> Task<void> {
    const auto local = std::move(inner);
    co_return;
  };
  auto task = outer(held);
  task.start();
  EXPECT_EQ(held.use_count(), 1);
}

TEST(TaskTest, ResultsMayBeMoveOnly) {
  auto task = movable();
  task.start();
  EXPECT_EQ(*task.take(), "moved");
}

TEST(TaskTest, AMovedTaskLeavesNothingBehind) {
  auto held = std::make_shared<int>(0);
  auto first = suspendsHolding(held);
  first.start();
  auto second = std::move(first);
  second = suspendsHolding(nullptr);
  EXPECT_EQ(held.use_count(), 1);
}

// A task that goes on when the test says so.
struct Gate {
  std::coroutine_handle<> waiting;

  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> handle) { waiting = handle; }
  void await_resume() const {}
};

Task<int> behind(Gate& gate, int result) {
  co_await gate;
  co_return result;
}

// The results of all, in the order in which they came.
Task<std::vector<int>> inOrderOfEnds(Gate& first, Gate& second) {
  std::vector<int> results;
  std::vector<Task<int>> tasks;
  tasks.push_back(behind(first, 1));
  tasks.push_back(behind(second, 2));
  for (auto& task : tasks) task.start();
  while (!tasks.empty()) {
    AnyDone any;
    for (auto& task : tasks) any.add(task);
    co_await any;
    for (auto& task : tasks) {
      if (task.done()) results.push_back(task.take());
    }
    std::erase_if(tasks, [](const auto& task) { return task.done(); });
  }
  co_return results;
}

TEST(AnyDoneTest, GoesOnWithWhicheverTaskEndsFirst) {
  Gate first;
  Gate second;
  auto task = inOrderOfEnds(first, second);
  task.start();
  second.waiting.resume();
  EXPECT_FALSE(task.done());
  first.waiting.resume();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.take(), (std::vector<int>{2, 1}));
}

Task<int> firstOf(Gate& first, Gate& second) {
  auto one = behind(first, 1);
  auto other = behind(second, 2);
  one.start();
  other.start();
  co_await AnyDone(one, other);
  co_return one.done() ? one.take() : other.take();
}

TEST(AnyDoneTest, TheTasksThatLoseAreDestroyedWithWhoeverWaited) {
  Gate first;
  Gate second;
  auto task = firstOf(first, second);
  task.start();
  first.waiting.resume();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.take(), 1);
}

Task<int> doneAlready(Gate& gate) {
  auto one = []() -> Task<int> { co_return 1; }();
  auto other = behind(gate, 2);
  one.start();
  other.start();
  co_await AnyDone(one, other);
  co_return one.take();
}

TEST(AnyDoneTest, DoesNotWaitForWhatIsDone) {
  Gate gate;
  auto task = doneAlready(gate);
  task.start();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.take(), 1);
}

#ifndef __SANITIZE_ADDRESS__  // It keeps GCC from making tail calls.
Task<int> one() { co_return 1; }

Task<int> sumOf(int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) sum += co_await one();
  co_return sum;
}

TEST(TaskTest, ManyAwaitsThatCompleteAtOnceRunInConstantStack) {
  constexpr int kTimes = 1'000'000;
  auto task = sumOf(kTimes);
  task.start();
  EXPECT_EQ(task.take(), kTimes);
}
#endif

}  // namespace
}  // namespace rondo
