namespace Varve.Platform;

/// <summary>
/// Points at which a test can hold the program: it says "reached", the test says "go on" (decision 0028). Without a test nothing but one
/// static field is read. Points lie at the edges of stages: never one for each file of the usual kind.
/// <para>A process is held through the directory that the variable names. A test that holds point X there makes two fifos in the directory
/// before it starts the program: "X.reached", to which the program writes a line each time it comes to X, and "X.go", from which it then
/// takes one byte, waiting until there is one. A test that is gone holds nothing. What a test runs in its own process it holds by
/// <see cref="Visit"/>.</para>
/// </summary>
internal static class Gate
{
    internal const string Variable = "VARVE_GATES";

    /// <summary>The source is frozen, or need not be; nothing of it has been read.</summary>
    internal const string Frozen = "frozen";

    /// <summary>A file that may be changing is copied; the copy is not yet compared with it.</summary>
    internal const string Copied = "copied";

    /// <summary>A worker has read a batch of files; what it read is not durable.</summary>
    internal const string BatchRead = "batch-read";

    /// <summary>A walk has listed everything; what moved meanwhile has not been looked for, and some files may not be read yet.</summary>
    internal const string Walked = "walked";

    /// <summary>A pack is durable; nothing refers to it.</summary>
    internal const string PackStored = "pack-stored";

    /// <summary>An index run names packs; the catalog does not know.</summary>
    internal const string RunStored = "run-stored";

    /// <summary>The catalog has committed a checkpoint.</summary>
    internal const string Checkpointed = "checkpointed";

    /// <summary>Another writes to the catalog; whoever comes here waits for its turn, and is seen to.</summary>
    internal const string WaitsToWrite = "waits-to-write";

    /// <summary>Another makes the first repository of this user; whoever comes here waits for it.</summary>
    internal const string WaitsForFirst = "waits-for-first";

    /// <summary>A backup has let another process write to the catalog, in which its own rows are now.</summary>
    internal const string GaveWay = "gave-way";

    /// <summary>The snapshot is durable; the catalog knows only that it was about to be.</summary>
    internal const string SnapshotStored = "snapshot-stored";

    /// <summary>A worker has written all that is wanted of a block; other blocks, and what comes last, may be missing.</summary>
    internal const string BlockWritten = "block-written";

    /// <summary>The first key slot of a repository is durable; its header is not there.</summary>
    internal const string FirstSlotStored = "first-slot-stored";

    /// <summary>The key slot to remove is chosen, and others are left; it is still there.</summary>
    internal const string SlotChosen = "slot-chosen";

    /// <summary>A full key slot is gone; whether others are left has not been looked at again.</summary>
    internal const string SlotRemoved = "slot-removed";

    /// <summary>A new key slot is durable; the one that it replaces is still there, a header that is to be made anew is not.</summary>
    internal const string KeyStored = "key-stored";

    /// <summary>The key slot that was replaced is gone.</summary>
    internal const string KeyRemoved = "key-removed";

    /// <summary>A header that was missing is durable.</summary>
    internal const string HeaderStored = "header-stored";

    /// <summary>A terminal shows no more what is typed; the question is not yet asked.</summary>
    internal const string EchoOff = "echo-off";

    /// <summary>An archive is whole and durable; it has not its name yet, and older ones are still there.</summary>
    internal const string ArchiveWhole = "archive-whole";

    /// <summary>The daemon before and after each step of a run: decided, noted, begun, known which process it is; over, settled.</summary>
    internal const string RunDecided = "run-decided", RunNoted = "run-noted", RunBegun = "run-begun", RunKnown = "run-known",
        RunEnded = "run-ended", RunSettled = "run-settled";

    /// <summary>The caller's wish to stop has been heard.</summary>
    internal const string Interrupted = "interrupted", DrillRestored = "drill-restored";

    private static readonly string? s_directory = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;
    private static readonly AsyncLocal<Action<string>?> s_visitor = new();
    private static volatile bool s_isWatched = s_directory is not null;

    /// <summary>Goes through a point; waits there if a test holds it.</summary>
    internal static void Pass(string point)
    {
        if (!s_isWatched) { return; }
        s_visitor.Value?.Invoke(point);
        if (s_directory is not null) { Hold(Path.Combine(s_directory, point)); }
    }

    /// <summary>
    /// For tests: has this called with each point that the calling thread comes to, and the threads that it starts from now on; null for an
    /// end of it.
    /// </summary>
    internal static void Visit(Action<string>? visitor)
    {
        s_visitor.Value = visitor;
        s_isWatched = true;
    }

    /// <summary>Passes <see cref="Interrupted"/> when the token is cancelled, after what hears of it first.</summary>
    internal static CancellationTokenRegistration PassWhenCancelled(CancellationToken token) =>
        !s_isWatched ? default : token.Register(static () => Pass(Interrupted));

    private static void Hold(string point)
    {
        if (!File.Exists(point + ".reached")) { return; }
        try
        {
            using (FileStream reached = Open(point + ".reached", FileAccess.Write)) { reached.Write("\n"u8); }
            using FileStream go = Open(point + ".go", FileAccess.Read);
            _ = go.ReadByte();
        }
        catch (IOException) { /* The test has gone, or has just opened the gate for good. */ }
    }

    private static FileStream Open(string path, FileAccess access) => new(path, FileMode.Open, access, FileShare.ReadWrite, bufferSize: 0);
}
