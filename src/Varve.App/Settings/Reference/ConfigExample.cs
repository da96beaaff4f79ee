namespace Varve.App.Settings.Reference;

/// <summary>A configuration in which every key stands with its explanation. docs/config.example.yaml is the same text.</summary>
internal static class ConfigExample
{
    internal const string Text =
        """
        # Configuration of varve: ~/.config/varve/config.yaml, or what --config or VARVE_CONFIG names.
        # 'varve config check' finds mistakes. Editors find them while you type, with the schema that 'varve config schema' prints
        # (for editors that use yaml-language-server, the first line of the file is: # yaml-language-server: $schema=schema.json).
        # A path that begins with ~/ lies in your home directory; one that is not absolute lies beside this file.

        # The repository that is meant when nobody names one with -r: a name of the list below, or a place.
        repository: disk

        # What this machine is called; default: as the system says. For containers, and machines that are renamed.
        host: laptop

        # Repositories, for 'varve -r NAME'.
        repositories:
          - name: disk
            address: /mnt/disk/backup          # where it is
            key-file: ~/.config/varve/key      # what opens it: one of key-file, password-file and password-command
          - name: nas
            address: ssh://backup@nas/srv/varve
            password-command: pass show varve  # a shell command that prints the password
            cache-dir: ~/.cache/varve-nas      # where its catalogs lie; default: ~/.cache/varve
            ssh-command: ssh -i ~/.ssh/backup  # what opens an ssh:// address; default: ssh
            limit-upload: 2M                   # so many bytes a second go there at most
            limit-download: 10M                # so many come from there at most
            wait-for-store: 1h                 # how long it is waited for when it cannot be reached
          - name: office
            address: https://backup.example.org/laptop  # what a server calls so
            token-file: ~/.config/varve/token  # what it knows this machine by; or a certificate:
            client-certificate: ~/.config/varve/machine.pem  # with its private key
            ca-file: ~/.config/varve/office-ca.pem  # who has signed the server's; default: whom this machine trusts
          - name: usb
            address: /media/usb/backup
            password-file: ~/.config/varve/usb-password  # a file with the password in it

        # What stands here holds for all sources that say nothing else, also for a PATH that is no source.
        # Lists (exclude, include, group, tag and others) are joined with those of a source, whose rules come after these.
        exclude: ['*.tmp', '.cache/']          # rules of what is left out, as in gitignore; the last that matches decides
        include: ['keep.tmp']                  # what is kept, whatever leaves it out
        exclude-from: [excludes.txt]           # files of rules, a line each; with re: before the name as grep -E -f has them
        exclude-larger-than: 50G               # files that are larger are left out
        exclude-caches: true                   # of directories with a CACHEDIR.TAG only that is kept
        exclude-if-present: [.nobackup]        # of directories that have such an entry only that is kept
        exclude-nodump: true                   # what has the attribute nodump is left out
        exclude-if-xattr: [user.nobackup]      # what has such an attribute is left out
        exclude-fs-type: [tmpfs, nfs4]         # other file systems of these types are not entered
        ignore-file: [.varveignore]            # files in the tree that count as .gitignore does for git; without this none does
        compression: 3                         # zstd level, 1 to 19
        keep-log: 1y                           # how long the log has backups that found nothing changed and made no snapshot
        fs-snapshot: none                      # read from a snapshot of the file system: auto, btrfs, lvm, zfs or none
        trust: all                             # whose stored content is relied on: all, or own for that of this key only
        verify-existing: false                 # read packs of other writers once before relying on them; needs a full key

        # Which snapshots 'varve forget' keeps of the sources below: those that any of these rules keeps.
        retention:
          keep-last: 3                         # the last three; 'unlimited' for all, here and below
          keep-hourly: 24                      # the last of each of the last 24 hours that have any
          keep-daily: 7                        # the same of days
          keep-weekly: 5                       # of weeks, which begin on Monday
          keep-monthly: 12                     # of months
          keep-yearly: unlimited               # of years
          keep-within: 2d                      # all that are not older than the newest by more than that: y, m, w, d and h
          keep-within-hourly: 4d               # of those the last of each hour
          keep-within-daily: 1m                # of each day
          keep-within-weekly: 2m               # of each week
          keep-within-monthly: 1y6m            # of each month
          keep-within-yearly: 10y              # of each year
          keep-thinned: true                   # ever fewer with age, as continuous backups need it
          keep-tag: [release]                  # those with such a tag
          keep-first: true                     # the oldest whole one
          time-zone: Europe/Berlin             # whose calendar tells days and weeks; default: that of this machine

        # What is run around each backup and archive. A source can have hooks of its own, which are run within these.
        hooks:
          before: ['mountpoint -q /mnt/disk || mount /mnt/disk']  # shell commands; if one fails, nothing is saved
          on-success: ['touch /run/varve-saved']  # when all went well
          on-failure: ['logger "$VARVE_SOURCE: $VARVE_ERROR"']  # when anything did not
          after: ['umount /mnt/disk']          # at the end, whatever came of it
          time-limit: 10m                      # how long each may take; default: 1h

        # Who is told by the daemon when something goes wrong for the first time, and when it is well again.
        notify:
          - mail: ada@example.org              # by sendmail
            from: backup@example.org           # the sender; default: who the daemon is
          - webhook: https://example.org/hook  # a JSON object is posted to it
          - command: 'notify-send "$VARVE_SUBJECT"'  # a shell command
        alert-after: 2d                        # how old the last good backup of a source may become before they are told

        # When 'varve daemon' looks at the sources below: how often, or by a cron expression. Without either it leaves alone
        # what says nothing by itself.
        every: 1h                              # weeks to seconds: w, d, h, m, s
        window: 08:00-22:00                    # the time of day in which a run may begin

        # What the daemon does besides, in each repository that it backs up to.
        daemon:
          forget: {cron: '30 3 * * *'}         # 'varve forget', by the rules above
          prune: {every: 7d, window: 22:00-06:00}  # 'varve prune'
          check:                               # 'varve check'
            cron: '@daily'                     # minute, hour, day, month, day of the week; or @hourly, @daily, @weekly, ...
            all-data-in: 30d                   # with a slice of the data each time, so that all is read in this time
          drill: {every: 30d, files: 100, size: 1G}  # 'varve verify --drill', with so many files and bytes at most
          ping: https://hc-ping.com/other-id   # hears each hour that all is well, or /fail
          metrics-file: /var/lib/node_exporter/varve.prom  # for Prometheus
          on-battery: wait                     # begin nothing while the machine runs on its battery; default: run
          priority: low                        # what runs get of processors and disks: what others leave, or normal

        # What 'varve serve' hands to other machines by HTTPS: repositories of the list above.
        server:
          listen: :8443                        # all addresses of this machine; or ADDRESS:PORT
          certificate: /etc/varve/fullchain.pem  # with those that lead to the authority
          key: /etc/varve/privkey.pem          # its private key
          clients:
            - name: desk                       # what the client is called in logs and metrics
              token: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  # from 'varve serve --new-token'
              repositories: {disk: append}     # may add, and take nothing away; or read, or full
              quota: 500G                      # how large the repository may become by what this client adds
              limit-upload: 10M                # so many bytes a second are taken from the client at most
              limit-download: 20M              # so many are sent to it at most
            - name: prometheus
              certificate: sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752  # of the client
              repositories: {}
              metrics: true                    # may read https://HOST:8443/metrics

        # What 'varve backup' backs up when no PATH is given.
        sources:
          - name: home                         # what it is called; for 'varve backup --source home'
            roots: [~/]                        # where it lies
            exclude: ['Downloads/', '*.iso']
            exclude-older-than: 20 years ago   # what was modified before is left out
            exclude-newer-than: now            # what is dated in the future is left out
            tag: [nightly]                     # tags of its snapshots
            one-file-system: true              # do not enter other file systems
            budget: 25G                        # store at most so much new content in one run, and the rest in the next
            budget-by: stored                  # what it counts: what is stored, or the size of the files that are read
            retention: {keep-daily: 14}        # instead of what is said above for all
            every: 15m                         # when the daemon looks at it; or cron, and window
            continuous: true                   # and, as root, when something in it has changed, but only there
            settle: 30s                        # once nothing has changed for so long
            at-most: 1/10m                     # once in so long at most
            alert-after: 4h                    # how old its last good backup may become
            ping: https://hc-ping.com/your-id  # hears of each run: /start, success, /fail
            to: nas                            # the repository that the daemon backs it up to; default: that above
          - name: photos
            as: /srv/photos                    # the path it is recorded under; default: its first root
            roots:
              - path: /srv/photos
              - path: /media/card/DCIM         # several roots are merged into one tree
                as: /srv/photos/card           # what this one stands for
                removable: true                # may be missing: what it held stays as it was last seen; or the id of its file system
            ignore-inode: true                 # for file systems that do not keep inode numbers
            ignore-ctime: true                 # for file systems that do not keep ctime
            map: [/srv/photos/in=/srv/photos/2026]  # where paths are recorded that are read elsewhere
          - name: tables
            roots: [/srv/tables]
            hooks: {before: ['mysqladmin flush-tables']}
            group: ['*.MYD,*.MYI']             # files that are one unit, besides those of SQLite
          - name: letters
            roots: [/srv/letters]
            archive: /mnt/disk/archives        # instead of backups, the daemon makes dated archives in this directory
            keep: 30                           # and keeps so many of them; default: all

        # Settings that are chosen together: 'varve --profile night backup'. They go before what the sources say.
        profiles:
          - name: night
            repository: nas                    # as 'repository' above
            sources: [home, tables]            # the sources that are backed up; default: all
            compression: 9

        """;
}
