/** What a task wants of the package manager, whichever module it was written with. */
export interface PackageRequest {
  /** `auto`: what the host's distribution uses. `rpm`: dnf 5, dnf 4 or yum, whichever is there. */
  readonly manager: 'auto' | 'apt' | 'rpm';
  /** Of the rpm family: this program and no other. */
  readonly backend?: RpmManager;
  readonly names: readonly string[];
  readonly state: 'present' | 'latest' | 'absent' | 'build-dep' | 'fixed';
  readonly updateCache: boolean;
  /** Seconds that package lists stay good. */
  readonly cacheValidTime: number;
  readonly updateRetries: number;
  /** Seconds, at most, between two tries to update. */
  readonly updateDelay: number;
  /** Seconds to wait for another package manager to end. */
  readonly lockTimeout: number;
  readonly autoremove: boolean;
  readonly apt: AptOptions;
  readonly rpm: RpmOptions;
}

export interface AptOptions {
  /** Flags of `apt-get`, in order, that every transaction gets. */
  readonly flags: readonly string[];
  readonly upgrade: 'no' | 'safe' | 'dist';
  readonly purge: boolean;
  readonly onlyUpgrade: boolean;
  readonly autoclean: boolean;
  readonly clean: boolean;
  /** A `.deb` on the host, or its URL. */
  readonly deb?: string;
  readonly policyRcD?: number;
}

export type RpmManager = 'dnf5' | 'dnf' | 'yum';
export type Manager = 'apt' | RpmManager;

export interface RpmOptions {
  readonly enablerepo: readonly string[];
  readonly disablerepo: readonly string[];
  readonly exclude: readonly string[];
  readonly enablePlugin: readonly string[];
  readonly disablePlugin: readonly string[];
  readonly disableExcludes?: string;
  readonly configFile?: string;
  readonly installroot: string;
  readonly releasever?: string;
  readonly downloadDir?: string;
  readonly gpgCheck: boolean;
  readonly sslVerify: boolean;
  readonly skipBroken: boolean;
  readonly security: boolean;
  readonly bugfix: boolean;
  readonly updateOnly: boolean;
  readonly allowDowngrade: boolean;
  readonly allowErasing: boolean;
  readonly nobest: boolean;
  readonly weakDeps: boolean;
  readonly downloadOnly: boolean;
  readonly cacheOnly: boolean;
}

export const NO_APT_OPTIONS: AptOptions = {
  flags: ['-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold'],
  upgrade: 'no',
  purge: false,
  onlyUpgrade: false,
  autoclean: false,
  clean: false,
};

export const NO_RPM_OPTIONS: RpmOptions = {
  enablerepo: [],
  disablerepo: [],
  exclude: [],
  enablePlugin: [],
  disablePlugin: [],
  installroot: '/',
  gpgCheck: true,
  sslVerify: true,
  skipBroken: false,
  security: false,
  bugfix: false,
  updateOnly: false,
  allowDowngrade: false,
  allowErasing: false,
  nobest: false,
  weakDeps: true,
  downloadOnly: false,
  cacheOnly: false,
};

/** What is wrong with a name, in words: a package manager must never take it for an option. */
export function badName(names: readonly string[]): string | undefined {
  const bad = names.find((name) => name.trim() === '' || name.startsWith('-') || /[\n\0]/.test(name));
  return bad === undefined ? undefined : `${JSON.stringify(bad)} is no name of a package`;
}
