namespace Varve;

/// <summary>
/// The closed set of what somebody can do next. The library says which; what runs the library (a command line, a daemon, a page) has the
/// words, since only it knows its commands and settings. Several mean something only together with the error's <see cref="Subject"/>.
/// </summary>
public enum Advice
{
    /// <summary>There is nothing to say beyond what happened.</summary>
    None,
    /// <summary>Find everything that damage affects.</summary>
    CheckRepository,
    /// <summary>Put an object back from a copy of the repository; what is not affected can be restored without it.</summary>
    RestoreObject,
    /// <summary>Remove what lies in a repository and is no object of it.</summary>
    RemoveStray,
    /// <summary>Put the repository's header back.</summary>
    RestoreHeader,
    /// <summary>Put the key slots back.</summary>
    RestoreKeySlots,
    /// <summary>Remove a damaged list of condemned packs, unless a prune is running.</summary>
    RemoveCondemned,
    /// <summary>Remove the cache; it is made again.</summary>
    DropCache,
    /// <summary>Free space, or have the cache elsewhere.</summary>
    ChooseCache,
    /// <summary>Have the copies of unstable files elsewhere.</summary>
    ChooseSpool,
    /// <summary>The catalog is a cache: have it built anew.</summary>
    RebuildCatalog,
    /// <summary>Have a catalog made.</summary>
    MakeCatalog,
    /// <summary>Remove the catalog's file by hand.</summary>
    RemoveCatalog,
    /// <summary>Ask for one thing at a time.</summary>
    OneStatement,
    /// <summary>Look up what can be asked for.</summary>
    SeeSchema,
    /// <summary>Wait for another process.</summary>
    WaitForOther,
    /// <summary>Do the same again; what was done is used.</summary>
    RunAgain,
    /// <summary>The path may be wrong.</summary>
    CheckPath,
    /// <summary>A removable root is on another file system now: say so.</summary>
    NameFileSystem,
    /// <summary>The path may be wrong, or its disk not mounted.</summary>
    CheckMount,
    /// <summary>The file may not be read.</summary>
    CheckPermissions,
    /// <summary>The directory may be missing, full or not to be written to.</summary>
    CheckDirectory,
    /// <summary>Something is at that path.</summary>
    ChooseOtherPath,
    /// <summary>Name another directory.</summary>
    OtherDirectory,
    /// <summary>Name the directory that it is in.</summary>
    NameDirectory,
    /// <summary>Make it a source by itself.</summary>
    BackUpAlone,
    /// <summary>Roots stand for the source's canonical root, or for something below it.</summary>
    RootBelowCanonical,
    /// <summary>Leave out one of what contradicts: reading everything, or an order or budget.</summary>
    ForceAlone,
    /// <summary>Back up one file without order and budget.</summary>
    NoBudget,
    /// <summary>A character of a pattern may be meant literally.</summary>
    EscapePattern,
    /// <summary>The store is full.</summary>
    FreeStore,
    /// <summary>The user's share of the store is used up.</summary>
    RaiseQuota,
    /// <summary>The store's files belong to another user.</summary>
    CheckOwner,
    /// <summary>The store is read-only.</summary>
    Remount,
    /// <summary>The store's directories lie on several file systems.</summary>
    OneFileSystem,
    /// <summary>The file system cannot do what a repository needs.</summary>
    OtherFileSystem,
    /// <summary>Too many files are open.</summary>
    RaiseFileLimit,
    /// <summary>The store's directory is gone.</summary>
    MountAgain,
    /// <summary>A symbolic link stands in a repository, where none is followed: mount its place there instead.</summary>
    MendLink,
    /// <summary>A device may be failing.</summary>
    SeeSystemLog,
    /// <summary>Create the repository that is missing.</summary>
    CreateRepository,
    /// <summary>The repository was there before: mount its disk, or create another one on purpose.</summary>
    MountOrCreate,
    /// <summary>There is one already.</summary>
    UseAsItIs,
    /// <summary>A repository needs a directory of its own.</summary>
    ChooseEmptyDirectory,
    /// <summary>Choose a password.</summary>
    ChoosePassword,
    /// <summary>Choose another label for a key.</summary>
    ChooseLabel,
    /// <summary>The password may be wrong.</summary>
    CheckPassword,
    /// <summary>The key file belongs to another repository.</summary>
    OtherKeyFile,
    /// <summary>What is asked for needs the full key.</summary>
    GiveFullKey,
    /// <summary>Others have rights to a file, or to where it lies, that only its user should have.</summary>
    CloseToOthers,
    /// <summary>It is no key file.</summary>
    GiveWrittenKeyFile,
    /// <summary>Look up the key slots.</summary>
    ListKeys,
    /// <summary>Add another full key before the last goes.</summary>
    AddKeyFirst,
    /// <summary>What is to open a slot opens one already: take another, or use that slot.</summary>
    ChooseOtherKey,
    /// <summary>Name a key slot that can be changed so.</summary>
    NameOtherKey,
    /// <summary>The key in use is removed only if somebody says so.</summary>
    SayYes,
    /// <summary>A line of a paper key was mistyped.</summary>
    CompareWithPaper,
    /// <summary>It is no paper key.</summary>
    GivePaperKey,
    /// <summary>The paper key is of another repository.</summary>
    OtherPaperKey,
    /// <summary>Only a paper key opens what is left of the repository.</summary>
    ImportPaperKey,
    /// <summary>A paper key is typed on a terminal, or read from a file.</summary>
    GivePaperKeyFile,
    /// <summary>A newer version is needed.</summary>
    Upgrade,
    /// <summary>A newer version is needed, or another key.</summary>
    UpgradeOrOtherKey,
    /// <summary>Look up the snapshots.</summary>
    ListSnapshots,
    /// <summary>Say which snapshot.</summary>
    NameSnapshot,
    /// <summary>Several names begin so.</summary>
    MoreDigits,
    /// <summary>Make the first snapshot.</summary>
    MakeSnapshot,
    /// <summary>Look up the paths in snapshots.</summary>
    ListPaths,
    /// <summary>What is no file can be restored only.</summary>
    RestoreInstead,
    /// <summary>More was found than is taken without being asked for.</summary>
    LiftLimits,
    /// <summary>The target holds something.</summary>
    EmptyTarget,
    /// <summary>The target cannot be used.</summary>
    ChooseTarget,
    /// <summary>The target is full.</summary>
    FreeTarget,
    /// <summary>Restore what was cut off to its end, or choose another directory.</summary>
    FinishRestore,
    /// <summary>libzstd is missing.</summary>
    InstallZstd,
    /// <summary>libcrypto is missing.</summary>
    InstallLibcrypto,
    /// <summary>There is too little memory.</summary>
    FreeMemory,
    /// <summary>A program is missing.</summary>
    InstallTool,
    /// <summary>Only root may do it.</summary>
    RunAsRoot,
    /// <summary>Do without snapshots of file systems.</summary>
    ReadLive,
    /// <summary>Have the file system frozen while it is read.</summary>
    FreezeFiles,
    /// <summary>Take whatever the file system offers.</summary>
    TakeAnyMethod,
    /// <summary>Name the place of the dataset itself.</summary>
    UseDataset,
    /// <summary>The file system may be full or read-only.</summary>
    FreeFileSystem,
    /// <summary>The ZFS pool may be full.</summary>
    FreeZfsPool,
    /// <summary>The thin pool may be full.</summary>
    FreeThinPool,
    /// <summary>Look at the volume group.</summary>
    SeeVolumes,
    /// <summary>The volume group needs room.</summary>
    ExtendVolumeGroup,
    /// <summary>The program may be older than the kernel.</summary>
    UpdateBtrfsTools,
    /// <summary>The system's log says why a mount failed.</summary>
    SeeMountLog,
    /// <summary>The next backup tries again.</summary>
    NextRunTries,
    /// <summary>The next backup tries again; or delete the btrfs snapshot by hand.</summary>
    DeleteSubvolume,
    /// <summary>The next backup tries again; or destroy the ZFS snapshot by hand.</summary>
    DestroyZfsSnapshot,
    /// <summary>The next backup tries again; or remove the logical volume by hand.</summary>
    RemoveLogicalVolume,
    /// <summary>/proc is missing.</summary>
    MountProc,
    /// <summary>The command line makes no sense.</summary>
    SeeHelp,
    /// <summary>Do one after the other.</summary>
    OneByOne,
    /// <summary>A path in a snapshot follows the snapshot's name.</summary>
    PathAfterColon,
    /// <summary>Say which file of a snapshot.</summary>
    NameOneFile,
    /// <summary>A new repository needs a first key.</summary>
    GiveFirstKey,
    /// <summary>A new key slot needs a password or key file.</summary>
    GiveNewKey,
    /// <summary>Two things contradict each other.</summary>
    GiveOne,
    /// <summary>The configuration is not of its form.</summary>
    SeeExample,
    /// <summary>The configuration cannot be read.</summary>
    OtherConfiguration,
    /// <summary>Two sources have one canonical root.</summary>
    OneSourceEach,
    /// <summary>There is no place for the repository.</summary>
    NameRepository,
    /// <summary>There is no place for the cache.</summary>
    NameCache,
    /// <summary>There is no place for the key file.</summary>
    NameKeyFile,
    /// <summary>No key is given.</summary>
    GiveKey,
    /// <summary>The default repository does not exist yet.</summary>
    FirstBackupCreates,
    /// <summary>Say which source is meant: by its name, its host, or an absolute path in it.</summary>
    ChooseSource,
    /// <summary>Name a source by its id, or say of which host or writer it is.</summary>
    NameSourceId,
    /// <summary>Look up which writers there are.</summary>
    ListWriters,
    /// <summary>Name the tree that a snapshot is compared with.</summary>
    NameTree,
    /// <summary>Look up which sources there are.</summary>
    ListSources,
    /// <summary>Choose another name.</summary>
    ChooseName,
    /// <summary>Restore snapshots that are missing, or say that it is known.</summary>
    AcknowledgeMissing,
    /// <summary>Give the path of a directory.</summary>
    NameDirectoryPath,
    /// <summary>Look whether the clock is right.</summary>
    CheckClock,
    /// <summary>Let a restore delete by another snapshot.</summary>
    DeleteByOther,
    /// <summary>Say that what was excluded may be deleted too.</summary>
    DeleteExcluded,
    /// <summary>Say that what differs is to be replaced.</summary>
    ReplaceToDelete,
    /// <summary>Say where to restore to.</summary>
    NameTarget,
    /// <summary>Say which snapshots are to be kept.</summary>
    NamePolicy,
    /// <summary>Keep more; or say that nothing of a source need be left.</summary>
    AllowEmpty,
    /// <summary>Take the pin away first.</summary>
    Unpin,
    /// <summary>Forget a snapshot that cannot be read, so that nothing waits for it.</summary>
    ForgetDamaged,
    /// <summary>Forget a snapshot by its name, as one that can be read.</summary>
    ForgetByName,
    /// <summary>Say which format a list has.</summary>
    NameListFormat,
    /// <summary>Let bad lines of a list be passed over.</summary>
    SkipBadLines,
    /// <summary>Name a list of paths, or say nothing of how one is read.</summary>
    NameFilesFrom,
    /// <summary>Rules are for lists of a tree as it is now.</summary>
    ListLive,
    /// <summary>List paths of one source only.</summary>
    ListWithinSource,
    /// <summary>Have what is remembered of this machine's protection elsewhere.</summary>
    NameState,
    /// <summary>Remove a record that is none, and say again what it said.</summary>
    RemoveRecord,
    /// <summary>Choose another name for what is to be protected.</summary>
    NameWatched,
    /// <summary>Look up what is protected.</summary>
    ListWatched,
    /// <summary>Start the daemon.</summary>
    StartDaemon,
    /// <summary>Ask the daemon how it is.</summary>
    AskDaemon,
    /// <summary>Varve is missing on another machine.</summary>
    InstallThere,
    /// <summary>ssh is missing.</summary>
    InstallSsh,
    /// <summary>The other machine is to offer SFTP.</summary>
    OfferSftp,
    /// <summary>ssh does not know the other machine's key, or knows another.</summary>
    CheckHostKey,
    /// <summary>The other machine lets nobody in with these keys.</summary>
    CheckLogin,
    /// <summary>The other machine does not answer.</summary>
    CheckConnection,
    /// <summary>Something else is run there than what serves repositories.</summary>
    CheckForcedCommand,
    /// <summary>This program is too old for the other side.</summary>
    UpdateHere,
    /// <summary>The program on the other side is too old.</summary>
    UpdateThere,
    /// <summary>Whoever adds only may not do it.</summary>
    UseFullAccess,
    /// <summary>If nobody is making the repository, remove the key slots of one that was not made to the end.</summary>
    RemoveSlots,
    /// <summary>Make the bucket, or name another.</summary>
    MakeBucket,
    /// <summary>The credentials for the object storage may be missing, wrong or expired.</summary>
    CheckCloudCredentials,
    /// <summary>The credentials may not do what was asked.</summary>
    CheckCloudRights,
    /// <summary>Say which region the bucket is in.</summary>
    NameRegion,
    /// <summary>Have the service bring back what it has archived.</summary>
    BringBackArchived,
    /// <summary>The service's certificate is not trusted here.</summary>
    CheckCertificate,
    /// <summary>End the prune that was begun.</summary>
    EndPrune,
    /// <summary>Say who has signed the server's certificate.</summary>
    NameAuthority,
    /// <summary>Something else answers at the address than what serves repositories.</summary>
    CheckAddress,
    /// <summary>Give a token apart from the address.</summary>
    GiveToken,
    /// <summary>The server does not know who asks, or does not let him do it.</summary>
    CheckToken,
}
