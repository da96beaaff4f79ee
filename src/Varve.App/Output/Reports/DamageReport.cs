using Varve.Maintain.Check;

namespace Varve.App.Output.Reports;

/// <summary>A damage, in a list of such.</summary>
internal readonly struct DamageReport(Damage damage)
{
    public string Object => damage.Object;
    public string Problem => damage.Problem;
    public string Affects => damage.Affects;
}
