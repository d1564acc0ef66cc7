// What a copy of the worker has in place of the isolate's own, for the copies share that.

/** How long a timer of a stopped clock sleeps before it looks at the clock again. */
const stepMs = 5;

/**
 * The time of one copy: the true one until it is stopped, then what it is moved on to. Timers
 * obey it. They look at it by themselves, as only what a request began by itself may wake it.
 */
export class Clock {
  #stoppedAt: number | undefined;
  #ahead = 0;

  /** Stops it, too. */
  advance(ms: number): void {
    this.#stoppedAt = this.now() + ms;
  }

  /** Goes on from where it was. */
  run(): void {
    this.#ahead = this.now() - Date.now();
    this.#stoppedAt = undefined;
  }

  get isStopped(): boolean {
    return this.#stoppedAt !== undefined;
  }

  now(): number {
    return this.#stoppedAt ?? Date.now() + this.#ahead;
  }
}

class Timer {
  #id: ReturnType<typeof setTimeout>;

  constructor(clock: Clock, due: number, act: () => void) {
    const look = (): void => {
      if (clock.now() >= due) act();
      else this.#id = setTimeout(look, stepMs);
    };
    this.#id = setTimeout(look, 0);
  }

  clear(): void {
    clearTimeout(this.#id);
  }
}

type TimerId = ReturnType<typeof setTimeout> | Timer;

function timersOf(clock: Clock) {
  const wait = async (ms: number, options?: SchedulerWaitOptions): Promise<void> => {
    if (!clock.isStopped) return scheduler.wait(ms, options);
    const due = clock.now() + ms;
    while (clock.now() < due) await scheduler.wait(stepMs, options);
  };
  return {
    scheduler: { wait },
    setTimeout: (act: () => void, ms = 0): TimerId =>
      clock.isStopped ? new Timer(clock, clock.now() + ms, act) : setTimeout(act, ms),
    clearTimeout(id: TimerId | undefined): void {
      if (id instanceof Timer) id.clear();
      else clearTimeout(id);
    },
  };
}

function dateOf(clock: Clock): DateConstructor {
  const OfTheClock = class extends Date {
    constructor(...time: [] | [number]) {
      super(...((time.length === 0 ? [clock.now()] : time) as [number]));
    }
    static override now(): number {
      return clock.now();
    }
  };
  return OfTheClock as unknown as DateConstructor;
}

/** Workers of one workerd write into one log: each line bears a name there. */
function consoleOf(name: string): Console {
  const own = Object.create(console) as Console;
  for (const level of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    own[level] = (...all: unknown[]) => console[level](`[${name}]`, ...all);
  }
  return own;
}

type CacheOfPlace = Pick<Cache, 'match' | 'put' | 'delete'>;

/**
 * The workers of one workerd share its caches: each place has some of its own, which both its isolates
 * see. What this copy puts there is noted, since a cache lists nothing.
 */
function cachesOf(name: string, noted: Map<string, string>) {
  const place = name.slice(name.lastIndexOf('-'));
  const open = async (cache: string): Promise<CacheOfPlace> => {
    const own = await caches.open(cache + place);
    return {
      match: (address) => own.match(address),
      delete: (address) => own.delete(address),
      put: async (address, response) => {
        noted.set(String(address), await response.clone().text());
        await own.put(address, response);
      },
    };
  };
  return { open };
}

export function globalsOf(name: string) {
  const ownClock = new Clock();
  const ownCached = new Map<string, string>();
  return {
    ownClock,
    ownCached,
    Date: dateOf(ownClock),
    console: consoleOf(name),
    caches: cachesOf(name, ownCached),
    ...timersOf(ownClock),
  };
}
