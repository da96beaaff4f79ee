namespace Varve.App.Output;

/// <summary>
/// What to do next, in words: the one place where advice meets commands and options. Without capital and full stop; a command that can be
/// pasted stands at the end, after a colon. Tests hold that all it names exist, and run the commands.
/// </summary>
internal static class AdviceText
{
    /// <summary>What to do, or null if there is nothing to say.</summary>
    internal static string? Of(VarveException error, NextCommand next) => Of(error.Advice, error.Subject, next);

    /// <summary>What to do about what a notice says, or null.</summary>
    internal static string? Of(Notice notice, NextCommand next) => Of(notice.Advice, notice.Cause?.Subject ?? notice.Subject, next);

    /// <summary>What a notice says, with what to do, in one line: for programs.</summary>
    internal static string Line(Notice notice, NextCommand next) =>
        Of(notice, next) is { } advice ? $"{notice}; {advice}" : notice.ToString();

    /// <summary>What to do, or null if there is nothing to say.</summary>
    internal static string? Of(Advice advice, Subject subject, NextCommand next) => advice switch
    {
        Advice.DeleteByOther => "choose a snapshot that is not partial, or leave out --delete",
        Advice.DeleteExcluded => "if all that it has not may go, whatever was excluded then, say --delete-excluded",
        Advice.ReplaceToDelete => "--delete needs --overwrite if-changed, or another that replaces",
        Advice.NameTarget => "say where to with --target",
        Advice.CheckRepository => $"see everything that is affected: {next.Of("check")}",
        Advice.RemoveStray => subject.Name.StartsWith("sessions/", StringComparison.Ordinal)
            ? "remove it, unless a backup is running" : "nothing needs it: remove it, or move it to where it belongs",
        Advice.RestoreObject => subject.Kind == SubjectKind.Chunk || subject is { Kind: SubjectKind.Object } && IsPack(subject)
            ? "put the pack back from a copy of the repository, or back up with --force: what a source still has is stored anew"
            : subject.Kind != SubjectKind.Object
            ? "put it back from a copy of the repository; what is not affected can be restored without it"
            : subject.Name.StartsWith("keys/", StringComparison.Ordinal)
            ? $"put the key slot back from a copy of the repository, or add another key: {next.Of("key", "add")}"
            : subject.Name.StartsWith("index/", StringComparison.Ordinal)
            ? "put the index run back from a copy of the repository; until then packs are read by their footers"
            : "put the object back from a copy of the repository; what is not affected can be restored without it",
        Advice.AcknowledgeMissing => "put back what is missing from a copy of the repository; or say that it is known: "
            + next.Of("check", "--acknowledge"),
        Advice.RestoreHeader => "put the header back from a copy of the repository, or have it made of a paper key; what it should say: "
            + next.Of("stats"),
        Advice.RestoreKeySlots => "put the objects below keys/ back from a copy of the repository, or type in a paper key: "
            + next.Of("key", "import"),
        Advice.RemoveCondemned => "if no prune is running, remove that object: it holds no data",
        Advice.DropCache => $"remove the cache directory, which is fetched again; if this returns: {next.Of("check")}",
        Advice.ChooseCache => "look to space and rights there, or choose another place with --cache-dir",
        Advice.ChooseSpool => "choose another place with --spool-dir",
        Advice.RebuildCatalog => $"make it anew from the repository: {next.Of("catalog", "rebuild")}",
        Advice.MakeCatalog => $"a backup makes one, and so does: {next.Of("catalog", "rebuild")}",
        Advice.RemoveCatalog => "remove it by hand; it is rebuilt",
        Advice.OneStatement => "give a single SELECT, without anything after a semicolon",
        Advice.SeeSchema => $"tables and views: {next.Of("sql", "select name, sql from sqlite_schema")}",
        Advice.WaitForOther => "wait until the other run has ended, or end it",
        Advice.RunAgain => "run the backup again: what was stored is used",
        Advice.CheckPath => "check the path, and who may read it",
        Advice.CheckMount => "check the path, and whether its disk is mounted",
        Advice.CheckPermissions => "check its permissions",
        Advice.CheckDirectory => "check that the directory exists, has space and may be written to",
        Advice.ChooseOtherPath => "choose another path",
        Advice.OtherDirectory => "name another directory",
        Advice.NameDirectory => "name the directory it is in",
        Advice.BackUpAlone => "back it up by itself",
        Advice.RootBelowCanonical => "each root of a source stands for its canonical root or something below it",
        Advice.ForceAlone => "--force reads everything, so it does not go with --newest-first or --budget",
        Advice.NoBudget => "back it up without --newest-first and --budget",
        Advice.EscapePattern => "put a backslash before a character that is meant literally",
        Advice.FreeStore => "free some space on that file system, or give the repository a larger one",
        Advice.RaiseQuota => "raise the quota, or free space",
        Advice.CheckOwner => "all that is in a repository must belong to the one user who runs Varve; as root: chown -R "
            + $"{CommandText.Quote(next.User)} "
            + CommandText.Quote(subject.Location ?? (subject.Kind == SubjectKind.Object ? next.Repository : subject.Name)),
        Advice.Remount => "the file system is mounted read-only: remount it for writing",
        Advice.OneFileSystem => "all of the repository's directories must be on one file system",
        Advice.OtherFileSystem => "put the repository on another file system, or mount this one in another way",
        Advice.RaiseFileLimit => "too many files are open, raise the limit: ulimit -n \"$(ulimit -Hn)\"",
        Advice.MountAgain => "the directory was removed, or its network file system lost: put it back or mount it again",
        Advice.MendLink => "remove the link, and mount the place it points to there (mount -o bind)",
        Advice.SeeSystemLog => "the disk or its connection may be failing: look at the system log",
        Advice.CreateRepository => "create it: "
            + (subject.Kind == SubjectKind.Repository ? next.At(subject.Name, "init") : next.Of("init")),
        Advice.MountOrCreate => $"mount the disk it is on, or name its place with -r; a new one is made by: {next.Of("init")}",
        Advice.UseAsItIs => "choose another place, or use it as it is",
        Advice.ChooseEmptyDirectory => "choose an empty or new directory for the repository",
        Advice.ChoosePassword => "choose one that is hard to guess",
        Advice.ChooseLabel => "choose a shorter, plain label",
        Advice.CheckPassword => "check the password, or name a key file with --key-file",
        Advice.OtherKeyFile => "name the right one with --key-file, or give a password",
        Advice.GiveFullKey => "name the full key's file with --key-file, or give its password",
        Advice.CloseToOthers => "it should be yours alone, in a directory that only you may write to; or keep it elsewhere: "
            + $"chmod 600 {CommandText.Quote(subject.Name)}",
        Advice.GiveWrittenKeyFile => "give the file that was written when the key was made, unchanged",
        Advice.ListKeys => $"labels and names are listed, the first digits of a name will do: {next.Of("key", "list")}",
        Advice.AddKeyFirst => $"add another full key first: {next.Of("key", "add")}",
        Advice.Upgrade => "upgrade to a version of Varve that reads it",
        Advice.UpgradeOrOtherKey => "upgrade Varve, or use another key",
        Advice.ListSnapshots => $"see which there are: {next.Of("snapshots")}",
        Advice.NameSnapshot => $"give 'latest', @TIME, or at least 4 digits of a name: {next.Of("snapshots")}",
        Advice.MoreDigits => $"give more digits: {next.Of("snapshots")}",
        Advice.MakeSnapshot => $"how one is made: {NextCommand.Plain.Of("help", "backup")}",
        Advice.NameFileSystem => "if its file system is another one now, name that in the configuration: 'removable: ID'",
        Advice.ListPaths => "paths are absolute or relative to the source's root, see them: "
            + (subject.Kind == SubjectKind.Snapshot ? next.Of("ls", "-R", subject.Name[..8]) : next.Of("ls", "-R")),
        Advice.RestoreInstead => $"restore it instead: {NextCommand.Plain.Of("help", "restore")}",
        Advice.LiftLimits => $"--no-limits takes all there is; whether it is damaged: {next.Of("check")}",
        Advice.EmptyTarget =>
            "choose an empty or new directory, or say --overwrite to fill this one; files that exist are left alone and reported",
        Advice.ChooseTarget => "choose a directory that you may list and write to",
        Advice.FreeTarget => "free space on the target and run the restore again, or choose another target",
        Advice.FinishRestore =>
            "restore that snapshot again, with the options it was restored with, to complete it; or choose another directory",
        Advice.InstallZstd => "install Debian's libzstd1, version 1.4.0 or newer: apt install libzstd1",
        Advice.InstallLibcrypto => "install Debian's libssl3: apt install libssl3",
        Advice.FreeMemory => "free memory: end other programs, or raise the limit",
        Advice.InstallTool => "back up without --fs-snapshot, or install it"
            + subject.Name switch
            {
                "btrfs" => ": apt install btrfs-progs",
                "zfs" => ": apt install zfsutils-linux",
                "lvs" or "vgs" or "lvcreate" or "lvremove" => ": apt install lvm2",
                _ => "",
            },
        Advice.RunAsRoot => "snapshots of file systems need root: run the backup as root, or back up without --fs-snapshot",
        Advice.ReadLive => "back up without --fs-snapshot",
        Advice.CheckClock => "look whether the clock is right, and is kept so: timedatectl",
        Advice.FreezeFiles => "as root, with --fs-snapshot auto, all files are of one moment",
        Advice.TakeAnyMethod => "--fs-snapshot auto takes what the file system offers, or else reads the live files",
        Advice.UseDataset => "name the directory where the dataset itself is mounted, or back up without --fs-snapshot",
        Advice.FreeFileSystem => "is the file system full or mounted read-only? without --fs-snapshot the live files are read",
        Advice.FreeZfsPool => "without --fs-snapshot the live files are read; the pool may be full: zfs list",
        Advice.FreeThinPool => "without --fs-snapshot the live files are read; the thin pool may be full: lvs",
        Advice.SeeVolumes => "without --fs-snapshot the live files are read; where there is free space: vgs",
        Advice.ExtendVolumeGroup => "add a disk with vgextend, shrink a volume, or back up without --fs-snapshot",
        Advice.UpdateBtrfsTools => "is btrfs-progs as new as the kernel?",
        Advice.SeeMountLog => "look at the system log for the reason, or back up without --fs-snapshot",
        Advice.NextRunTries => "the next backup tries again",
        Advice.DeleteSubvolume => $"the next backup tries again; by hand: btrfs subvolume delete {CommandText.Quote(subject.Name)}",
        Advice.DestroyZfsSnapshot => $"the next backup tries again; by hand: zfs destroy {CommandText.Quote(subject.Name)}",
        Advice.RemoveLogicalVolume => $"the next backup tries again; by hand: lvremove {CommandText.Quote(subject.Name)}",
        Advice.MountProc => "mount /proc",
        Advice.SeeHelp => "what there is: "
            + (subject.Kind == SubjectKind.Command ? NextCommand.Plain.Of(["help", .. subject.Name.Split(' ')])
            : NextCommand.Plain.Of("help")),
        Advice.OneByOne => "back them up one by one",
        Advice.PathAfterColon => "a path follows a snapshot and a colon, as in latest:/home/me",
        Advice.NameOneFile => $"how a file is named: {NextCommand.Plain.Of("help", "dump")}",
        Advice.GiveFirstKey =>
            "set VARVE_PASSWORD, or give --password-file, --password-command or --key-file FILE (created when it is missing)",
        Advice.GiveNewKey => "give --new-key-file, --new-password-file or --new-password-command",
        Advice.GiveOne => "give one of them only",
        Advice.ChooseSource => "say which: by --source NAME, by --host HOST, by --writer KEY, or by an absolute path, as in latest:/home/me",
        Advice.NameSourceId => "say which: by the first digits of its id, by --host HOST, or by --writer KEY",
        Advice.ListWriters => $"see the ids of writers: {next.Of("source", "list")} --json",
        Advice.NameTree => "--with DIR names the files that it is compared with",
        Advice.ListSources => $"see what there is: {next.Of("source", "list")}",
        Advice.ChooseName => "choose another name, or rename that one first",
        Advice.NameDirectoryPath => "a repository lies in a directory of this machine, whose path is given, "
            + "or of another: ssh:// or sftp://[USER@]HOST[:PORT]/PATH, or https://HOST/NAME, or in object storage: s3://BUCKET/PREFIX",
        Advice.InstallThere => "install Varve there where a login shell without a terminal finds it, such as /usr/local/bin",
        Advice.OfferSftp => "have its sshd offer it (Subsystem sftp), or install Varve there and name the repository as ssh://",
        Advice.RemoveSlots => "if no other init is running, remove the objects below keys/ there, or choose another prefix",
        Advice.MakeBucket => "make the bucket, or name another; init makes one where the credentials may",
        Advice.CheckCloudCredentials => "give them as for AWS's own tools: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
        Advice.CheckCloudRights => "the credentials may not do that: they need to get, put, list and delete objects of this bucket",
        Advice.NameRegion => "say which it is in the address: ?region=NAME",
        Advice.BringBackArchived => "have the service restore the archived objects of this bucket, then do it again",
        Advice.CheckCertificate => "make its authority known to this machine, as for any other program (SSL_CERT_FILE)",
        Advice.EndPrune => $"end it instead: {next.Of("prune")}",
        Advice.NameAuthority => "if that is the right machine, name the authority, or the certificate itself, with --ca-file",
        Advice.CheckAddress => "look whether the address is right: https://HOST[:PORT]/NAME, as the server calls the repository",
        Advice.GiveToken => "set VARVE_TOKEN, or name the file with the token: --token-file",
        Advice.CheckToken => "give the token or the certificate that the server's configuration has for this client, "
            + "with VARVE_TOKEN, --token-file or --client-certificate",
        Advice.InstallSsh => "install the OpenSSH client, or name another with --ssh-command",
        Advice.CheckHostKey => "if that is the right machine, make its key known: connect once with ssh",
        Advice.CheckLogin => "look whether ssh gets in without asking for anything: ssh -o BatchMode=yes HOST true",
        Advice.CheckConnection => "look whether the machine can be reached, and do it again: what was stored is used",
        Advice.CheckForcedCommand => "look there at what login scripts print, and at command= in authorized_keys",
        Advice.UpdateHere => "this program is the older one: update it",
        Advice.UpdateThere => "the program on the other machine is the older one, or another: update it",
        Advice.UseFullAccess => "do it on the machine that has the repository, or with a key that may do everything",
        Advice.ChooseOtherKey => $"use that one, or give another password or key file; all keys are listed: {next.Of("key", "list")}",
        Advice.NameOtherKey => "name the key that is to change; --new-key-file replaces a key file, --new-password-file and "
            + $"--new-password-command a password; all keys are listed: {next.Of("key", "list")}",
        Advice.SayYes => "--yes removes it all the same",
        Advice.CompareWithPaper => "compare it with the paper, character by character: there is no letter I, L, O or U on it",
        Advice.GivePaperKey => "give what is on the paper: its lines, or the text of its QR code",
        Advice.OtherPaperKey => "look on the paper for the repository it is of, and name its place with -r",
        Advice.ImportPaperKey => $"a paper key brings it back: {next.Of("key", "import")}",
        Advice.GivePaperKeyFile => "name the file that it is in, or run it where it can ask",
        Advice.SeeExample => $"an example: {NextCommand.Plain.Of("config", "example")}",
        Advice.OtherConfiguration => "--config or VARVE_CONFIG names another",
        Advice.OneSourceEach => "put their roots into one",
        Advice.NameRepository => "name one with -r or VARVE_REPO",
        Advice.NameCache => "name one with --cache-dir or VARVE_CACHE_DIR",
        Advice.NameKeyFile => "name one with --key-file",
        Advice.GiveKey => "set VARVE_PASSWORD or VARVE_KEY_FILE, or give --password-file, --password-command or --key-file",
        Advice.FirstBackupCreates =>
            $"-r or VARVE_REPO names another; the first backup creates it: {NextCommand.Plain.Of("help", "backup")}",
        Advice.NamePolicy => "say what is to be kept, such as --keep-daily 7, or 'retention' in the configuration: "
            + NextCommand.Plain.Of("help", "forget"),
        Advice.AllowEmpty => "keep more; or, if nothing of it need be left, say --allow-empty",
        Advice.Unpin => "take the pin away first: "
            + (subject.Kind == SubjectKind.Snapshot ? next.Of("unpin", subject.Name[..8]) : NextCommand.Plain.Of("help", "unpin")),
        Advice.ForgetDamaged => "put it back from a copy of the repository; or forget it, so that nothing waits for it: "
            + (subject.Kind == SubjectKind.Object && subject.Name.Split('/')[^1] is { Length: > 8 } name
            ? next.Of("forget", "--damaged", name[..8]) : NextCommand.Plain.Of("help", "forget")),
        Advice.ForgetByName => "forget it by its name: "
            + (subject.Kind == SubjectKind.Snapshot ? next.Of("forget", subject.Name[..8]) : NextCommand.Plain.Of("help", "forget")),
        Advice.NameListFormat => "say which it has with --list-format",
        Advice.SkipBadLines => "--skip-bad-lines passes over such lines",
        Advice.NameFilesFrom => "name one with --files-from or --files-from0",
        Advice.ListLive => "name the tree with --live, or say nothing of rules",
        Advice.NameState => "name another directory with --state-dir or VARVE_STATE_DIR",
        Advice.RemoveRecord => $"remove it, and say again what it said: rm {CommandText.Quote(subject.Name)}",
        Advice.NameWatched => "--name gives it another name",
        Advice.ListWatched => $"see what there is: {NextCommand.Plain.Of("list")}",
        Advice.StartDaemon => $"how it is started: {NextCommand.Plain.Of("help", "daemon")}",
        Advice.AskDaemon => $"see what it protects: {NextCommand.Plain.Of("list")}",
        Advice.ListWithinSource => "list what lies in the PATH that is backed up, and each source by itself",
        _ => null,
    };

    private static bool IsPack(Subject subject) => subject.Name.StartsWith("packs/", StringComparison.Ordinal);
}
