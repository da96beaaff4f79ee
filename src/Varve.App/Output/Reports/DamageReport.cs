namespace Varve.App.Output.Reports;

/// <summary>A damage, in a list of such.</summary>
internal readonly struct DamageReport
{
    private readonly Damage _damage;

    internal DamageReport(Damage damage) => _damage = damage;

    public string Object => _damage.Object;
    public string Problem => _damage.Problem;
    public string Affects => _damage.Affects;
}
