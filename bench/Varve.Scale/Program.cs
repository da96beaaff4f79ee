using System.Diagnostics;
using System.Globalization;
using Varve;
using Varve.Model.Packs;
using Varve.Scale;
using Varve.Vault;
using Varve.Vault.Open;

// Exit codes: 0 done, 1 failed, 2 usage.
const string Help = """
    varve-scale: a repository whose index has many chunks, and what it costs to open it and to look chunks up. Its packs do not exist.

      varve-scale make FOLDER CHUNKS        makes FOLDER/repository, FOLDER/key and FOLDER/cache
      varve-scale start                     does nothing: what starting a program costs
      varve-scale open FOLDER CHUNKS        opens it and looks one chunk up
      varve-scale lookup FOLDER CHUNKS N    opens it and looks N chunks up, half of which it has

      varve-scale many FOLDER MACHINES SNAPSHOTS   makes a repository that so many other machines share, each with so many snapshots
      varve-scale list FOLDER               lists its snapshots
      varve-scale backup FOLDER             backs a source up in it in which nothing changed

    The packs and trees of other machines do not exist. Each prints lines of a name and a number: seconds_to_open, runs, seconds_each,
    seconds_each_where (as a reader asks), and memory in kB from /proc/self/status.
    """;

// What a backup lists in one run at a checkpoint.
const int ChunksOfRun = 65_536;

try
{
    switch (args)
    {
        case ["start"]: break;
        case ["make", var folder, var chunks]: Make(folder, Number(chunks)); break;
        case ["open", var folder, var chunks]: Open(folder, Number(chunks), 0); break;
        case ["many", var folder, var machines, var snapshots]:
            Machines.Make(folder, (int)Number(machines), (int)Number(snapshots));
            break;
        case ["list", var folder]: Print(Machines.List(folder)); break;
        case ["backup", var folder]: Print(Machines.Backup(folder)); break;
        case ["lookup", var folder, var chunks, var count]: Open(folder, Number(chunks), (int)Number(count)); break;
        default:
            Console.Error.WriteLine(Help);
            return 2;
    }
}
catch (Exception e) when (e is VarveException or IOException or FormatException)
{
    Console.Error.WriteLine($"varve-scale: {e.Message}");
    return 1;
}

return 0;

static ulong Number(string text) => ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

static RepositoryLocation Location(string folder) => new(Path.Combine(folder, "repository"));

static Credentials Key(string folder) => new() { KeyFilePath = Path.Combine(folder, "key") };

static RepositoryOptions Options(string folder) => new() { CacheRoot = Path.Combine(folder, "cache") };

static void Make(string folder, ulong chunks)
{
    using Repository repository = Repository.Init(Location(folder), Key(folder), "scale", Options(folder));
    for (ulong at = 0; at < chunks; at += ChunksOfRun)
    {
        repository.Indexes.WriteRun(MadeUpChunks.Packs(at, Math.Min(chunks, at + ChunksOfRun)));
    }
}

static void Open(string folder, ulong chunks, int lookUps)
{
    long start = Stopwatch.GetTimestamp();
    using Repository repository = Repository.Open(Location(folder), Key(folder), Options(folder));
    var index = repository.Indexes.Chunks;
    if (!index.TryFind(MadeUpChunks.Id(chunks - 1), out ChunkLocation _)) { throw new InvalidDataException("its last chunk is not there"); }
    PrintOne("seconds_to_open", Stopwatch.GetElapsedTime(start).TotalSeconds);
    PrintOne("runs", index.Runs.Count);
    if (lookUps > 0)
    {
        PrintOne("seconds_each", LookUps.Run(index, chunks, lookUps, where: false).TotalSeconds / lookUps);
        PrintOne("seconds_each_where", LookUps.Run(index, chunks, lookUps, where: true).TotalSeconds / lookUps);
    }

    foreach (string line in File.ReadLines("/proc/self/status"))
    {
        if (line.StartsWith("VmHWM", StringComparison.Ordinal) || line.StartsWith("Rss", StringComparison.Ordinal))
        {
            Console.WriteLine(line.Replace(":", ""));
        }
    }
}

static void Print(IEnumerable<(string Name, double Value)> figures)
{
    foreach ((string name, double value) in figures) { PrintOne(name, value); }
}

static void PrintOne(string name, double value) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.#########}"));
