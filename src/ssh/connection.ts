import { randomBytes } from 'node:crypto';
import type { Connection, ConnectionTarget, Identity, Shell } from '../model/connection.ts';
import { openAs } from './become/open-as.ts';
import type { Carrier } from './channel.ts';
import type { FramedShell } from './frames/framed-shell.ts';
import { makeStep, type Step } from './frames/step.ts';
import { runRaw } from './raw.ts';

export interface ConnectionOptions {
  readonly target: ConnectionTarget;
  readonly carrier: Carrier;
  /** Seconds between two looks of the host's watchdog. */
  readonly watchSeconds?: number;
}

/** The framed shells, raw commands and round trips of one host, over whatever carries command lines there. */
export function makeConnection({ target, carrier, watchSeconds }: ConnectionOptions): Connection {
  const slots = new Map<string, Promise<Slot>>();
  const opened = new Set<Slot>();
  const trips = { count: 0 };
  const onWait = (): void => {
    trips.count += 1;
  };
  const opener = (identity: Identity): Open => {
    const memory = { terminal: false };
    return (onRetired) =>
      openAs(identity, {
        memory,
        carrier,
        nonce: randomBytes(16).toString('hex'),
        shell: target.shell ?? '/bin/sh',
        ...(watchSeconds === undefined ? {} : { watchSeconds }),
        onWait,
        onRetired,
      });
  };
  return {
    target,
    get roundTrips() {
      return trips.count;
    },
    async shell(identity) {
      const key = JSON.stringify([identity.method, identity.user, identity.flags, identity.executable]);
      let slot = slots.get(key);
      if (!slot) {
        slot = openSlot(opener(identity));
        slots.set(key, slot);
        slot.then(
          (one) => opened.add(one),
          // A refusal is not kept: the next task may bring the password.
          () => slots.delete(key),
        );
      }
      return (await slot).shell;
    },
    exec: (command, options = {}) => {
      onWait();
      return runRaw(carrier, command, options);
    },
    async close() {
      // Those that still open end with the carrier.
      for (const slot of opened) slot.close();
      await carrier.close();
    },
  };
}

type Open = (onRetired: (steps: readonly Step[]) => void) => Promise<FramedShell>;

interface Slot {
  readonly shell: Shell;
  close(): void;
}

/** A shell that opens a successor for itself when the pair of shells behind it can take no more steps. */
async function openSlot(open: Open): Promise<Slot> {
  let current: Promise<FramedShell> | undefined;
  let usable: FramedShell | undefined;
  const renew = (): Promise<FramedShell> => {
    usable = undefined;
    const opening = open((steps) => {
      renew().catch(() => undefined);
      for (const step of steps) add(step);
    });
    current = opening;
    void opening.then(
      (shell) => {
        usable = shell;
      },
      () => undefined,
    );
    return opening;
  };
  const add = (step: Step): void => {
    if (usable && !usable.usable) void renew().catch(() => undefined);
    (current ?? renew()).then(
      (shell) => shell.add(step),
      (error: Error) => step.fail(error),
    );
  };
  usable = await renew();
  return {
    shell: {
      run(frame) {
        const step = makeStep(frame);
        if (usable?.usable) usable.add(step);
        else add(step);
        return step.result;
      },
    },
    close: () => usable?.close(),
  };
}
