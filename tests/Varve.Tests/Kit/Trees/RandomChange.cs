using System.Globalization;

namespace Varve.Tests.Kit.Trees;

/// <summary>Random histories of small trees.</summary>
internal static class RandomChange
{
    /// <summary>One random change; names come from a small set, so that they go and come back, as another kind now and then.</summary>
    public static void Make(string root, Random random)
    {
        string directory = root;
        while (random.Next(3) > 0 && Directory.GetDirectories(directory) is { Length: > 0 } below)
        {
            directory = below[random.Next(below.Length)];
        }
        string path = Path.Combine(directory, random.Next(6).ToString(CultureInfo.InvariantCulture));
        bool isDirectory = Directory.Exists(path) && new FileInfo(path).LinkTarget is null, exists = isDirectory || File.Exists(path);
        switch (random.Next(exists ? 8 : 3))
        {
            case 0 when !exists: Directory.CreateDirectory(path); break;
            case 1 when !exists && random.Next(3) == 0:
                if (new FileInfo(path).LinkTarget is null) { File.CreateSymbolicLink(path, $"{random.Next(3)}"); }
                break;
            case < 4
                when !isDirectory:
                if (new FileInfo(path).LinkTarget is null) { File.WriteAllText(path, $"{random.Next(1000)}"); }
                break;
            case 4: ZooPosix.SetTime(ZooPosix.Path(path), random.Next(), 1); break;
            case 5 when new FileInfo(path).LinkTarget is null: ZooPosix.Chmod(ZooPosix.Path(path), (uint)random.Next(0x200)); break;
            case 6 when isDirectory: Directory.Delete(path, true); break;
            case 6 or 7 when !isDirectory: File.Delete(path); break;
            case 7:
                string to = Path.Combine(root, random.Next(6).ToString(CultureInfo.InvariantCulture));
                if (!Path.Exists(to) && !to.StartsWith(path + "/", StringComparison.Ordinal)
                    && new FileInfo(to).LinkTarget is null)
                {
                    Directory.Move(path, to);
                }
                break;
            default: break;
        }
    }
}
