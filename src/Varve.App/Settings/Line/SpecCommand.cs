using System.CommandLine;
using Varve.App.Settings.Table;

namespace Varve.App.Settings.Line;

/// <summary>The parser's command of a <see cref="CommandSpec"/>.</summary>
internal sealed class SpecCommand(CommandSpec spec) : Command(spec.Name, spec.Help)
{
    internal CommandSpec Spec => spec;
}
