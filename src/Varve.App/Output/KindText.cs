using Varve.Model;
using Varve.Model.Changes;
using Varve.Model.Snapshots;

namespace Varve.App.Output;

/// <summary>The words of the closed sets, as JSON spells them. By hand: they are a contract and must not follow a rename.</summary>
internal static class KindText
{
    internal static string Of(EntryKind kind) => kind switch
    {
        EntryKind.File => "file",
        EntryKind.Directory => "directory",
        EntryKind.Symlink => "symlink",
        EntryKind.Fifo => "fifo",
        EntryKind.Socket => "socket",
        EntryKind.CharDevice => "charDevice",
        EntryKind.BlockDevice => "blockDevice",
        _ => "none",
    };

    internal static string Of(EntryChange change) => change switch
    {
        EntryChange.New => "new",
        EntryChange.Changed => "changed",
        EntryChange.Metadata => "metadata",
        EntryChange.Moved => "moved",
        EntryChange.Gone => "gone",
        EntryChange.Kept => "kept",
        EntryChange.Pending => "pending",
        _ => "failed",
    };

    internal static string Of(KeyLevel level) => level == KeyLevel.Full ? "full" : "write";

    internal static string Of(ErrorKind kind) => kind switch
    {
        ErrorKind.Usage => "usage",
        ErrorKind.NoRepository => "noRepository",
        ErrorKind.Busy => "busy",
        ErrorKind.WrongKey => "wrongKey",
        ErrorKind.Damaged => "damaged",
        ErrorKind.Unsupported => "unsupported",
        ErrorKind.Storage => "storage",
        ErrorKind.NotFound => "notFound",
        ErrorKind.SessionLost => "sessionLost",
        _ => "failed",
    };

    internal static string Of(LeftOutReason reason) => reason switch
    {
        LeftOutReason.Excluded => "excluded",
        LeftOutReason.NotEntered => "notEntered",
        LeftOutReason.OtherFileSystem => "otherFileSystem",
        LeftOutReason.OwnDirectory => "ownDirectory",
        LeftOutReason.KindNotStored => "kindNotStored",
        LeftOutReason.Failed => "failed",
        LeftOutReason.Pending => "pending",
        LeftOutReason.Ignored => "ignored",
        LeftOutReason.Tagged => "tagged",
        LeftOutReason.Property => "property",
        _ => "other",
    };

    internal static string Of(RuleOrigin origin) => origin switch
    {
        RuleOrigin.Option => "option",
        RuleOrigin.Configuration => "configuration",
        RuleOrigin.IgnoreFile => "ignoreFile",
        RuleOrigin.Property => "property",
        _ => "unknown",
    };

    /// <summary>What a signature comes to.</summary>
    internal static string Of(SignatureState state) => state switch
    {
        SignatureState.Valid => "valid",
        SignatureState.Invalid => "invalid",
        SignatureState.Unknown => "unknown",
        _ => "none",
    };
}
