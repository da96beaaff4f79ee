using Varve.Model;
using Varve.Platform;

namespace Varve.Restore.Target;

/// <summary>How restoring one entry went. The default value is not meaningful; use <see cref="Done"/>.</summary>
/// <param name="Operation">What failed: <see cref="FailedOperation.Write"/> or <see cref="FailedOperation.Metadata"/>. Meaningless when
/// <see cref="Ok"/>.</param>
/// <param name="Errno">The system's error number of the first failure, or 0.</param>
/// <param name="Created">Whether the entry now exists. False with <see cref="Ok"/> means: left out and counted in
/// <see cref="MetadataLosses"/>.</param>
internal readonly record struct RestoreOutcome(FailedOperation Operation, int Errno, bool Created)
{
    /// <summary>Created, and everything set that could be set.</summary>
    public static RestoreOutcome Done => new(default, 0, true);

    /// <summary>Nothing failed.</summary>
    public bool Ok => Errno == 0;

    /// <summary>Which of the metadata could not be set.</summary>
    public MetadataPart Part { get; init; }

    /// <summary>The name of the attribute, if it is one.</summary>
    public byte[]? Xattr { get; init; }

    /// <summary>Which inode was made, where that was asked for; else none.</summary>
    public TargetFileId Id { get; init; }

    /// <summary>What stands in the way, if that is why it could not be written.</summary>
    public EntryKind Obstacle { get; init; }

    /// <summary>One line for people.</summary>
    public string Message => (Operation, Errno) switch
    {
        (_, 0) => "restored",
        (_, Platform.Errno.EEXIST) when Obstacle != EntryKind.None =>
            "what is there is not replaced: the name under which it would be kept is taken",
        (_, Platform.Errno.ENOTEMPTY or Platform.Errno.EBUSY) when Obstacle == EntryKind.Directory =>
            "a directory that is not empty, or cannot be emptied, stands in its place",
        (FailedOperation.Write, Platform.Errno.EEXIST) => "something of that name exists in the target already",
        (FailedOperation.Write, Platform.Errno.ENOTDIR or Platform.Errno.ELOOP) =>
            "a symbolic link or a file stands where the target needs a directory",
        (FailedOperation.Write, Platform.Errno.ESTALE) => "something in the target was moved or replaced while it was being restored",
        (FailedOperation.Metadata, _) => $"{Subject()} could not be set: {Platform.Errno.Message(Errno)}",
        _ => $"could not be written: {Platform.Errno.Message(Errno)}",
    };

    /// <summary>As data for the result of the run.</summary>
    public Failure ToFailure(byte[] path) =>
        new(path, Operation, Errno, Message) { Attribute = Operation == FailedOperation.Metadata ? Attribute() : null };

    /// <summary>Something stands where the entry is to be, and does not go.</summary>
    internal static RestoreOutcome InTheWay(int errno, EntryKind there) =>
        new(FailedOperation.Write, errno, Created: false) { Obstacle = there };

    internal static RestoreOutcome Metadata(int errno) => new(FailedOperation.Metadata, errno, Created: true);

    /// <summary>The outcome of an entry that could not be made. A full target stops the restore: each later file would fail too.</summary>
    internal static RestoreOutcome NotWritten(int errno, TargetDirectory directory, ReadOnlySpan<byte> name)
    {
        if (errno is Platform.Errno.ENOSPC or Platform.Errno.EDQUOT)
        {
            throw new VarveException(ErrorKind.Storage, global::Varve.Subject.Target(directory.DisplayPath(name)),
                $"cannot be written: {Platform.Errno.Message(errno)}", Advice.FreeTarget);
        }

        return new(FailedOperation.Write, errno, Created: false);
    }

    /// <summary>This, or if nothing failed so far, the failure of one of the metadata.</summary>
    internal RestoreOutcome Or(int errno, MetadataPart part, byte[]? xattr = null) =>
        !Ok || errno == 0 ? this : Metadata(errno) with { Part = part, Xattr = xattr };

    private string? Attribute() => Part switch
    {
        MetadataPart.Owner => "owner",
        MetadataPart.Xattr => "xattr " + TargetName.Display(Xattr),
        MetadataPart.Mode => "mode",
        MetadataPart.Time => "times",
        MetadataPart.Flags => "flags",
        _ => null,
    };

    private string Subject() => Part switch
    {
        MetadataPart.Owner => "the owner",
        MetadataPart.Xattr => $"the extended attribute {TargetName.Display(Xattr)}",
        MetadataPart.Mode => "the mode",
        MetadataPart.Time => "the modification time",
        MetadataPart.Flags => "attribute flags",
        _ => "metadata",
    };
}
