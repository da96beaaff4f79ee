using System.Security.Cryptography;

namespace Varve.Fuzz;

/// <summary>Inputs in a folder, a file each, named by what is in it.</summary>
internal sealed class Corpus(string folder)
{
    private const int NameLength = 16;

    /// <summary>All of them, in an order that does not depend on the file system.</summary>
    internal List<byte[]> Load() => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];

    /// <summary>Adds one; where it is.</summary>
    internal string Add(ReadOnlySpan<byte> input)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..NameLength]);
        File.WriteAllBytes(path, input);
        return path;
    }

    /// <summary>Keeps these and no others.</summary>
    internal void Replace(IEnumerable<byte[]> inputs)
    {
        HashSet<string> kept = [.. inputs.Select(i => Add(i))];
        foreach (string path in Directory.EnumerateFiles(folder)) { if (!kept.Contains(path)) { File.Delete(path); } }
    }
}
