namespace Varve.Fuzz;

/// <summary>Marks the copies of the assemblies beside this program, so that each branch they take is counted.</summary>
internal static class Instrumentation
{
    private static readonly string[] s_assemblies = ["Varve.Core.dll", "varve.dll"];

    /// <summary>Marks those that are not marked yet. A build copies them anew.</summary>
    internal static void Ensure()
    {
        foreach (string name in s_assemblies)
        {
            string path = Path.Combine(AppContext.BaseDirectory, name), mark = path + ".marked";
            string stamp = File.GetLastWriteTimeUtc(path).Ticks + " " + new FileInfo(path).Length;
            if (File.Exists(mark) && File.ReadAllText(mark) == stamp) { continue; }
            // A copy first: an interrupted run must not leave half an assembly.
            string copy = path + ".new";
            File.Copy(path, copy, overwrite: true);
            SharpFuzz.Fuzzer.Instrument(copy, static _ => true, SharpFuzz.Options.Value);
            File.Move(copy, path, overwrite: true);
            File.WriteAllText(mark, File.GetLastWriteTimeUtc(path).Ticks + " " + new FileInfo(path).Length);
        }
    }
}
