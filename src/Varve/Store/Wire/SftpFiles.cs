using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Varve.Store.Wire;

/// <summary>
/// What is done with files over a channel. Paths are bytes, as the server takes them. What the server refuses is an
/// <see cref="SftpException"/>, a lost line an <see cref="IOException"/>. Thread-safe.
/// </summary>
internal sealed class SftpFiles(SftpChannel channel)
{
    internal const uint ForReading = 1, ForWriting = 2, Make = 8, MustBeNew = 0x20;

    /// <summary>What every server takes and gives at once (draft-ietf-secsh-filexfer-02, section 6.4).</summary>
    internal const int Piece = 32 << 10;

    private const int AtOnce = 64; // requests of one transfer: 2 MiB, which is what ssh lets be under way
    private const string Sync = "fsync@openssh.com", Link = "hardlink@openssh.com", Replace = "posix-rename@openssh.com",
        FileSystem = "statvfs@openssh.com";

    /// <summary>The channel.</summary>
    internal SftpChannel Channel => channel;

    /// <summary>Whether one file can take another's place in one step.</summary>
    internal bool CanReplace => channel.Extensions.Contains(Replace);

    /// <summary>What a path leads to.</summary>
    internal Task<SftpAttributes> Stat(byte[] path) => Attributes(new SftpRequest(SftpType.Stat).Bytes(path));

    /// <summary>What is at a path, be it a symlink.</summary>
    internal Task<SftpAttributes> LinkStat(byte[] path) => Attributes(new SftpRequest(SftpType.LinkStat).Bytes(path));

    /// <summary>What an open file is.</summary>
    internal Task<SftpAttributes> FileStat(byte[] handle) => Attributes(new SftpRequest(SftpType.FileStat).Bytes(handle));

    /// <summary>Opens a file; a new one gets these permissions.</summary>
    internal Task<byte[]> Open(byte[] path, uint how, uint mode = 0)
    {
        SftpRequest request = new SftpRequest(SftpType.Open).Bytes(path).U32(how);
        return Handle((how & Make) != 0 ? request.Permissions(mode) : request.U32(0));
    }

    /// <summary>Closes what is open.</summary>
    internal Task Close(byte[] handle) => Do(new SftpRequest(SftpType.Close).Bytes(handle));

    /// <summary>Removes a file.</summary>
    internal Task Remove(byte[] path) => Do(new SftpRequest(SftpType.Remove).Bytes(path));

    /// <summary>Makes a directory with these permissions.</summary>
    internal Task MakeDirectory(byte[] path, uint mode) => Do(new SftpRequest(SftpType.MakeDirectory).Bytes(path).Permissions(mode));

    /// <summary>Makes what was written durable, where the server can; true if it did.</summary>
    internal async Task<bool> MakeDurable(byte[] handle)
    {
        if (!channel.Extensions.Contains(Sync)) { return false; }
        await Do(Extended(Sync).Bytes(handle)).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Gives a file a name that nobody has, in one step: by a second name, or by a rename, which replaces nothing in version 3.
    /// </summary>
    internal Task Publish(byte[] from, byte[] to) => channel.Extensions.Contains(Link)
        ? Do(Extended(Link).Bytes(from).Bytes(to)) : Rename(from, to);

    /// <summary>Renames, and replaces nothing.</summary>
    internal Task Rename(byte[] from, byte[] to) => Do(new SftpRequest(SftpType.Rename).Bytes(from).Bytes(to));

    /// <summary>Renames over what is there.</summary>
    internal Task Exchange(byte[] from, byte[] to) => Do(Extended(Replace).Bytes(from).Bytes(to));

    /// <summary>How many bytes the file system of a path has room for; null where the server does not tell.</summary>
    internal async Task<long?> Free(byte[] path)
    {
        if (!channel.Extensions.Contains(FileSystem)) { return null; }
        using SftpReply reply = await channel.Send(Extended(FileSystem).Bytes(path)).ConfigureAwait(false);
        Require(reply, SftpType.ExtendedReply);
        return Free(reply);

        static long Free(SftpReply reply)
        {
            SftpReader reader = reply.Read();
            reader.U64();
            ulong fragment = reader.U64();
            reader.U64();
            reader.U64();
            ulong above = Math.BigMul(fragment, reader.U64(), out ulong free);
            return above > 0 ? long.MaxValue : (long)Math.Min(free, long.MaxValue);
        }
    }

    /// <summary>All entries of a directory, but for itself and the one above.</summary>
    internal async Task<List<(byte[] Name, SftpAttributes Attributes)>> List(byte[] path)
    {
        byte[] handle = await Handle(new SftpRequest(SftpType.OpenDirectory).Bytes(path)).ConfigureAwait(false);
        var entries = new List<(byte[], SftpAttributes)>();
        try
        {
            while (true)
            {
                using SftpReply reply = await channel.Send(new SftpRequest(SftpType.ReadDirectory).Bytes(handle)).ConfigureAwait(false);
                if (reply.Status == SftpStatus.End) { return entries; }
                Require(reply, SftpType.Name);
                Take(reply, entries);
            }
        }
        finally { _ = Quietly(Close(handle)); }

        static void Take(SftpReply reply, List<(byte[], SftpAttributes)> into)
        {
            SftpReader reader = reply.Read();
            for (uint left = reader.U32(); left > 0; left--)
            {
                byte[] name = reader.Bytes().ToArray();
                reader.Bytes(); // as ls -l prints it
                SftpAttributes attributes = reader.Attributes();
                if (!name.AsSpan().SequenceEqual("."u8) && !name.AsSpan().SequenceEqual(".."u8)) { into.Add((name, attributes)); }
            }
        }
    }

    /// <summary>Fills memory from an open file; how many bytes there were, fewer at its end.</summary>
    internal Task<int> Read(byte[] handle, long offset, Memory<byte> into) => Transfer(into.Length, async (at, count) =>
    {
        int done = 0;
        while (done < count)
        {
            SftpRequest request = new SftpRequest(SftpType.Read).Bytes(handle).U64((ulong)(offset + at + done)).U32((uint)(count - done));
            using SftpReply reply = await channel.Send(request).ConfigureAwait(false);
            if (reply.Status == SftpStatus.End) { break; }
            Require(reply, SftpType.Data);
            int read = Copy(reply, into.Span.Slice((int)at + done, count - done));
            if (read == 0) { break; }
            done += read;
        }

        return done;

        static int Copy(SftpReply reply, Span<byte> to)
        {
            ReadOnlySpan<byte> data = reply.Read().Bytes();
            if (data.Length > to.Length) { throw new IOException("the SFTP server sends more than was asked for"); }
            data.CopyTo(to);
            return data.Length;
        }
    });

    /// <summary>Writes bytes into an open file from its beginning on.</summary>
    internal Task Write(byte[] handle, ReadOnlyMemory<byte> bytes) =>
        Write(handle, bytes.Length, (at, into) => bytes.Span.Slice((int)at, into.Length).CopyTo(into));

    /// <summary>Writes so many bytes of a file of this machine into an open one, from the beginning on.</summary>
    internal Task Write(byte[] handle, SafeFileHandle file, long length) => Write(handle, length, (at, into) =>
    {
        while (into.Length > 0)
        {
            int read = RandomAccess.Read(file, into, at);
            if (read == 0) { throw new InvalidDataException("the spooled object is cut short"); }
            at += read;
            into = into[read..];
        }
    });

    /// <summary>Lets a request go on by itself, whatever comes of it.</summary>
    internal static async Task Quietly(Task task)
    {
        try { await task.ConfigureAwait(false); }
        catch (Exception e) when (e is IOException or SftpException) { /* what it would have tidied up stays */ }
    }

    private delegate void Fill(long at, Span<byte> into);

    private async Task Write(byte[] handle, long length, Fill fill)
    {
        await Transfer(length, async (at, count) =>
        {
            await Do(Written(at, count)).ConfigureAwait(false);
            return count;
        }).ConfigureAwait(false);

        SftpRequest Written(long at, int count)
        {
            Span<byte> piece = stackalloc byte[Piece];
            fill(at, piece[..count]);
            return new SftpRequest(SftpType.Write, Piece + 64).Bytes(handle).U64((ulong)at).Bytes(piece[..count]);
        }
    }

    /// <summary>Pieces of a whole, some of them at once; how many bytes were moved before the first that was cut short.</summary>
    private static async Task<int> Transfer(long length, Func<long, int, Task<int>> piece)
    {
        var under = new Queue<(long At, int Count, Task<int> Done)>();
        long begun = 0;
        try
        {
            while (begun < length || under.Count > 0)
            {
                while (begun < length && under.Count < AtOnce)
                {
                    int count = (int)Math.Min(Piece, length - begun);
                    under.Enqueue((begun, count, piece(begun, count)));
                    begun += count;
                }

                (long at, int asked, Task<int> done) = under.Peek();
                int moved = await done.ConfigureAwait(false);
                under.Dequeue();
                if (moved < asked) { return (int)Math.Min(int.MaxValue, at + moved); }
            }

            return (int)Math.Min(int.MaxValue, length);
        }
        finally
        {
            // They have the caller's memory: nobody goes on while one may still use it.
            foreach ((_, _, Task<int> done) in under) { await Quietly(done).ConfigureAwait(false); }
        }
    }

    private async Task Do(SftpRequest request)
    {
        using SftpReply reply = await channel.Send(request).ConfigureAwait(false);
        if (reply.Status != SftpStatus.Done) { throw Refused(reply); }
    }

    private async Task<byte[]> Handle(SftpRequest request)
    {
        using SftpReply reply = await channel.Send(request).ConfigureAwait(false);
        Require(reply, SftpType.Handle);
        return reply.Read().Bytes().ToArray();
    }

    private async Task<SftpAttributes> Attributes(SftpRequest request)
    {
        using SftpReply reply = await channel.Send(request).ConfigureAwait(false);
        Require(reply, SftpType.Attributes);
        return reply.Read().Attributes();
    }

    private static SftpRequest Extended(string name) => new SftpRequest(SftpType.Extended).Bytes(Encoding.ASCII.GetBytes(name));

    private static void Require(SftpReply reply, SftpType type)
    {
        if (reply.Type != type) { throw Refused(reply); }
    }

    private static Exception Refused(SftpReply reply)
    {
        if (reply.Type != SftpType.Status) { return new IOException("the SFTP server gives an answer of another sort"); }
        SftpReader reader = reply.Read();
        var status = (SftpStatus)reader.U32();
        string said = reader.IsAtEnd ? "" : Encoding.UTF8.GetString(reader.Bytes());
        return status is SftpStatus.NoConnection or SftpStatus.ConnectionLost ? new IOException(said) : new SftpException(status, said);
    }
}
