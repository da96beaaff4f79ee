namespace Varve.Compare.Corpora;

/// <summary>
/// Bytes that were overwritten in files of a corpus, and how to put them back with their times, so that every tool finds the same
/// tree. Held in memory. What is written depends on nothing but the seed and the length.
/// </summary>
internal sealed class Changes
{
    private readonly List<(string Path, long Offset, byte[] Bytes, DateTime Time)> _originals = [];

    /// <summary>Rewrites a whole file with text of the same length.</summary>
    public void Rewrite(string path, ulong seed)
    {
        byte[] fresh = new byte[new FileInfo(path).Length];
        new TextSource(seed ^ 0xC4A5_6E00_0000_0000).Fill(fresh);
        Overwrite(path, 0, fresh);
    }

    /// <summary>Overwrites a range of a file with random bytes.</summary>
    public void Scramble(string path, long offset, int length, int seed)
    {
        byte[] fresh = new byte[length];
        new Random(seed).NextBytes(fresh);
        Overwrite(path, offset, fresh);
    }

    /// <summary>Puts back what was there, modification times included.</summary>
    public void Undo()
    {
        foreach ((string path, long offset, byte[] bytes, DateTime time) in _originals)
        {
            using (FileStream file = Open(path))
            {
                file.Position = offset;
                file.Write(bytes);
            }

            File.SetLastWriteTimeUtc(path, time);
        }

        _originals.Clear();
    }

    private void Overwrite(string path, long offset, byte[] fresh)
    {
        DateTime time = File.GetLastWriteTimeUtc(path);
        byte[] old = new byte[fresh.Length];
        using FileStream file = Open(path);
        file.Position = offset;
        file.ReadExactly(old);
        file.Position = offset;
        file.Write(fresh);
        _originals.Add((path, offset, old, time));
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
}
