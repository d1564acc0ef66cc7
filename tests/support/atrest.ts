// A setup file: it runs before each test file, while what the files import lives on between them.
import { afterAll, afterEach, beforeEach } from 'vitest';
import { lifetime } from './rondo.ts';

beforeEach(lifetime.begin);
afterEach(lifetime.endTest);
afterAll(lifetime.endFile);
