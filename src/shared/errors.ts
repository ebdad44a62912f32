/** Why a host was left, in a closed set that reports and exit statuses are made of. */
export type FailureKind =
  /** The task ran and failed, or refused (bad arguments, missing file). */
  | 'task'
  /** No connection: name not found, refused, timed out, banner, key exchange. */
  | 'unreachable'
  /** The host's key is not the one we know. */
  | 'host-key'
  /** The server took none of our keys or passwords. */
  | 'authentication'
  /** sudo, su or doas would not let us. */
  | 'become'
  /** The connection went while something ran: what came of it is not known. */
  | 'lost'
  /** A template or condition could not be evaluated. */
  | 'template'
  /** The step ran longer than it may. */
  | 'timeout'
  /** We stopped it: Ctrl-C, or another host's failure. */
  | 'cancelled'
  /** An exception inside kprep. */
  | 'bug';

/** Every failure that kprep knows. The message is one plain sentence without the host's name; `remedy` says what to do next. */
export class KprepError extends Error {
  readonly kind: FailureKind;
  readonly remedy?: string;
  /** What is the host's own in it: the address that was dialled. */
  readonly detail?: string;

  constructor(
    kind: FailureKind,
    message: string,
    options: { readonly remedy?: string; readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KprepError';
    this.kind = kind;
    if (options.remedy !== undefined) this.remedy = options.remedy;
    if (options.detail !== undefined) this.detail = options.detail;
  }
}
