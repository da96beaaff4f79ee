using Varve.Model.Changes;

namespace Varve.App.Output.Parts;

/// <summary>The letters for what became of an entry: of <c>--verbose</c> and of <c>diff</c>.</summary>
internal static class ChangeLetter
{
    /// <summary>One letter, coloured.</summary>
    internal static string Of(EntryChange change, Ink ink) => change switch
    {
        EntryChange.New => ink.Good("+"),
        EntryChange.Changed => ink.Odd("M"),
        EntryChange.Metadata => ink.Odd("m"),
        EntryChange.Moved => ink.Odd(">"),
        EntryChange.Gone => ink.Bad("-"),
        EntryChange.Kept => "=",
        EntryChange.Pending => ink.Odd("?"),
        _ => ink.Bad("!"),
    };
}
