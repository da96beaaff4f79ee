namespace Varve.App.Output;

/// <summary>
/// What to do next, in words: the one place where advice meets commands and options. A test holds that all it names exist.
/// </summary>
internal static class AdviceText
{
    /// <summary>A sentence or two, or null if there is nothing to say.</summary>
    internal static string? Of(VarveException error) => Of(error.Advice, error.Subject);

    /// <summary>What a notice says, with what to do.</summary>
    internal static string Line(Notice notice)
    {
        string? advice = Of(notice.Advice, notice.Cause?.Subject ?? notice.Subject);
        return advice is null ? notice.ToString() : $"{notice}. {advice.TrimEnd('.')}";
    }

    /// <summary>A sentence or two, or null if there is nothing to say.</summary>
    internal static string? Of(Advice advice, Subject subject) => advice switch
    {
        Advice.CheckRepository => "Run 'varve check' to see everything that is affected.",
        Advice.RestoreObject => subject.Kind != SubjectKind.Object
            ? "Put it back from a copy of the repository; what is not affected can be restored without it."
            : subject.Name.StartsWith("keys/", StringComparison.Ordinal)
            ? "Put the key slot back from a copy of the repository, or add another key with 'varve key add'."
            : subject.Name.StartsWith("index/", StringComparison.Ordinal)
            ? "Put the index run back from a copy of the repository; until then packs are read by their footers."
            : "Put the object back from a copy of the repository; 'varve restore' restores all that is not affected.",
        Advice.RestoreHeader => "Put the header back from a copy of the repository; 'varve stats' shows what it should say.",
        Advice.RestoreKeySlots => "Restore the objects below keys/ from a copy of the repository.",
        Advice.RemoveCondemned => "If no prune is running, remove that object: it holds no data.",
        Advice.DropCache => "Remove the cache directory; it is fetched again. If this returns, run 'varve check'.",
        Advice.ChooseCache => "Look to space and rights there, or choose another place with --cache-dir.",
        Advice.ChooseSpool => "Choose another place with --spool-dir.",
        Advice.RebuildCatalog => "'varve catalog rebuild' makes it anew from the repository.",
        Advice.MakeCatalog => "A backup or 'varve catalog rebuild' makes one.",
        Advice.RemoveCatalog => "Remove it by hand; it is rebuilt.",
        Advice.OneStatement => "Give a single SELECT, without anything after a semicolon.",
        Advice.SeeSchema => "Tables and views: select name, sql from sqlite_schema.",
        Advice.WaitForOther => "Wait until the other run has ended, or end it.",
        Advice.RunAgain => "Run the backup again: what was stored is used.",
        Advice.CheckPath => "Check the path, and who may read it.",
        Advice.CheckMount => "Check the path, and whether its disk is mounted.",
        Advice.CheckPermissions => "Check its permissions.",
        Advice.CheckDirectory => "Check that the directory exists, has space and may be written to.",
        Advice.ChooseOtherPath => "Choose another path.",
        Advice.OtherDirectory => "Name another directory.",
        Advice.NameDirectory => "Name the directory it is in.",
        Advice.BackUpAlone => "Back it up by itself.",
        Advice.RootBelowCanonical => "Each root of a source stands for its canonical root or something below it.",
        Advice.ForceAlone => "--force reads everything, so it does not go with --newest-first or --budget.",
        Advice.NoBudget => "Back it up without --newest-first and --budget.",
        Advice.EscapePattern => "Put a backslash before a character that is meant literally.",
        Advice.FreeStore => "Free some space on that file system, or give the repository a larger one.",
        Advice.RaiseQuota => "Raise the quota, or free space.",
        Advice.CheckOwner => "Check who owns the directory and its files: they must belong to the user who runs Varve.",
        Advice.Remount => "The file system is mounted read-only: remount it for writing.",
        Advice.OneFileSystem => "All of the repository's directories must be on one file system.",
        Advice.RaiseFileLimit => "Too many files are open: raise the limit ('ulimit -n').",
        Advice.MountAgain => "The directory was removed, or its network file system lost: put it back or mount it again.",
        Advice.MendLink => "Mount what it points to, or put the directory back.",
        Advice.SeeSystemLog => "The disk or its connection may be failing: look at the system log.",
        Advice.CreateRepository => subject.Kind == SubjectKind.Repository ? $"Create one with 'varve init -r {subject.Name}'."
            : "Create one with 'varve init'.",
        Advice.UseAsItIs => "Choose another place, or use it as it is.",
        Advice.ChooseEmptyDirectory => "Choose an empty or new directory for the repository.",
        Advice.ChoosePassword => "Choose one that is hard to guess.",
        Advice.ChooseLabel => "Choose a shorter, plain label.",
        Advice.CheckPassword => "Check the password, or name a key file with --key-file.",
        Advice.OtherKeyFile => "Name the right one with --key-file, or give a password.",
        Advice.GiveFullKey => "Name the full key's file with --key-file, or give its password.",
        Advice.GiveWrittenKeyFile => "Give the file that 'varve init' or 'varve key add' wrote, unchanged.",
        Advice.ListKeys => "'varve key list' shows labels and names; the first digits of a name will do if no other begins so.",
        Advice.AddKeyFirst => "Add another full key first: varve key add.",
        Advice.Upgrade => "Upgrade to a version of Varve that reads it.",
        Advice.UpgradeOrOtherKey => "Upgrade Varve, or use another key.",
        Advice.ListSnapshots => "'varve snapshots' lists them.",
        Advice.NameSnapshot => "Give 'latest' or at least 4 digits of a name that 'varve snapshots' shows.",
        Advice.MoreDigits => "Give more digits.",
        Advice.MakeSnapshot => "Make one with: varve backup PATH",
        Advice.ListPaths => "Paths are relative to the source's root; 'varve ls' shows them, 'varve find' searches all snapshots.",
        Advice.RestoreInstead => "Use 'varve restore' for it.",
        Advice.EmptyTarget =>
            "Choose an empty or new directory, or say --overwrite to fill this one; files that exist are left alone and reported.",
        Advice.ChooseTarget => "Choose a directory that you may list and write to.",
        Advice.FreeTarget => "Free space on the target or choose another one, then run the restore again.",
        Advice.InstallZstd => "Install Debian's libzstd1 (apt install libzstd1), version 1.4.0 or newer.",
        Advice.InstallLibcrypto => "Install Debian's libssl3.",
        Advice.FreeMemory => "Free memory: end other programs, or raise the limit.",
        Advice.InstallTool =>
            subject.Name switch
            {
                "btrfs" => "Install btrfs-progs",
                "zfs" => "Install zfsutils-linux",
                "lvs" or "vgs" or "lvcreate" or "lvremove" => "Install lvm2",
                _ => "Install it"
            }
            + ", or back up without --fs-snapshot.",
        Advice.RunAsRoot => "Snapshots of file systems need root: run the backup as root, or back up without --fs-snapshot.",
        Advice.ReadLive => "Back up without --fs-snapshot.",
        Advice.TakeAnyMethod => "--fs-snapshot auto takes what the file system offers, or else reads the live files.",
        Advice.UseDataset => "Name the directory where the dataset itself is mounted, or back up without --fs-snapshot.",
        Advice.FreeFileSystem => "Is the file system full or mounted read-only? Without --fs-snapshot the live files are read.",
        Advice.FreeZfsPool => "See 'zfs list': the pool may be full. Without --fs-snapshot the live files are read.",
        Advice.FreeThinPool => "See 'lvs': the thin pool may be full. Without --fs-snapshot the live files are read.",
        Advice.SeeVolumes => "See 'lvs' and 'vgs' for free space. Without --fs-snapshot the live files are read.",
        Advice.ExtendVolumeGroup => "Add a disk with 'vgextend', shrink a volume, or back up without --fs-snapshot.",
        Advice.UpdateBtrfsTools => "Is btrfs-progs as new as the kernel?",
        Advice.SeeMountLog => "Look at the system log for the reason, or back up without --fs-snapshot.",
        Advice.NextRunTries => "The next backup tries again.",
        Advice.DeleteSubvolume => $"The next backup tries again; by hand: btrfs subvolume delete {subject.Name}",
        Advice.DestroyZfsSnapshot => $"The next backup tries again; by hand: zfs destroy {subject.Name}",
        Advice.RemoveLogicalVolume => $"The next backup tries again; by hand: lvremove {subject.Name}",
        Advice.MountProc => "Mount /proc.",
        Advice.SeeHelp => $"See '{(subject.Kind == SubjectKind.Command ? "varve " + subject.Name : "varve")} --help'.",
        Advice.OneByOne => "Back them up one by one.",
        Advice.PathAfterColon => "A path follows a snapshot and a colon, as in latest:/home/me.",
        Advice.NameOneFile => "For example: varve dump latest:/home/me/report.odt",
        Advice.GiveFirstKey =>
            "Set VARVE_PASSWORD, or give --password-file, --password-command or --key-file FILE (created when it is missing).",
        Advice.GiveNewKey => "Give --new-key-file, --new-password-file or --new-password-command.",
        Advice.GiveOne => "Give one of them only.",
        Advice.SeeExample => "See the README for an example.",
        Advice.OtherConfiguration => "--config or VARVE_CONFIG names another.",
        Advice.OneSourceEach => "Put their roots into one.",
        Advice.NameRepository => "Name one with -r or VARVE_REPO.",
        Advice.NameCache => "Name one with --cache-dir or VARVE_CACHE_DIR.",
        Advice.NameKeyFile => "Name one with --key-file.",
        Advice.GiveKey => "Set VARVE_PASSWORD or VARVE_KEY_FILE, or give --password-file, --password-command or --key-file.",
        Advice.FirstBackupCreates => "'varve backup PATH' creates it; -r or VARVE_REPO names another.",
        _ => null,
    };
}
