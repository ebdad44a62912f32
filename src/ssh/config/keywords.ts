/**
 * The keywords of ssh_config(5) by what we make of them. `first` the first value counts, `all` they add up. Not listed:
 * reported, because it would change what ssh does.
 */
export const HONOURED: Readonly<Record<string, 'first' | 'all'>> = {
  hostname: 'first',
  user: 'first',
  port: 'first',
  identityfile: 'all',
  identitiesonly: 'first',
  identityagent: 'first',
  userknownhostsfile: 'first',
  globalknownhostsfile: 'first',
  hostkeyalias: 'first',
  hashknownhosts: 'first',
  stricthostkeychecking: 'first',
  connecttimeout: 'first',
  connectionattempts: 'first',
  serveraliveinterval: 'first',
  serveralivecountmax: 'first',
  addressfamily: 'first',
  proxyjump: 'first',
  proxycommand: 'first',
};

/** They change nothing that we do: no forwarding, no terminal, no reused connections of ssh, one log. */
export const WITHOUT_EFFECT: ReadonlySet<string> = new Set(
  `addkeystoagent batchmode checkhostip clearallforwardings compression controlmaster controlpath controlpersist
  dynamicforward enableescapecommandline escapechar exitonforwardfailure fingerprinthash forkafterauthentication
  forwardagent forwardx11 forwardx11timeout forwardx11trusted gatewayports gssapiauthentication gssapidelegatecredentials
  gssapikeyexchange gssapirenewalforcesrekey gssapiservername gssapitrustdns hostbasedauthentication ignoreunknown
  include ipqos kbdinteractiveauthentication challengeresponseauthentication
  localcommand localforward loglevel logverbose nohostauthenticationforlocalhost numberofpasswordprompts
  obscurekeystroketiming passwordauthentication permitlocalcommand permitremoteopen pkcs11provider preferredauthentications
  pubkeyauthentication rekeylimit remoteforward requesttty requiredrsasize securitykeyprovider sendenv sessiontype stdinnull
  streamlocalbindmask streamlocalbindunlink syslogfacility tag tcpkeepalive tunnel tunneldevice updatehostkeys
  useKeychain usekeychain verifyhostkeydns visualhostkey warnweakcrypto xauthlocation useroaming useprivilegedport
  rsaauthentication protocol keepalive`
    .split(/\s+/)
    .map((word) => word.toLowerCase()),
);

/** They would change who we are or what we may do on the other side, unless their value is what we do anyway. */
export const HARMLESS_VALUES: Readonly<Record<string, RegExp>> = {
  pubkeyauthentication: /^(yes|true|unbound|host-bound)$/i,
  passwordauthentication: /^(yes|true)$/i,
  kbdinteractiveauthentication: /^(yes|true)$/i,
  challengeresponseauthentication: /^(yes|true)$/i,
  hostbasedauthentication: /^(no|false)$/i,
  verifyhostkeydns: /^(no|false)$/i,
  nohostauthenticationforlocalhost: /^(no|false)$/i,
};
