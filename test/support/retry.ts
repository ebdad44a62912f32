import { jest } from '@jest/globals';

/**
 * Real programs on a loaded machine race with their own clocks: the peers as much as we. A test of them that fails is
 * printed and tried once more; one that fails twice has failed. Unit tests are never tried again.
 */
jest.retryTimes(1, { logErrorsBeforeRetry: true });
