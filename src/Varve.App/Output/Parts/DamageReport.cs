namespace Varve.App.Output.Parts;

/// <summary>A damage, in a list of such.</summary>
internal readonly struct DamageReport
{
    private readonly Damage _damage;

    internal DamageReport(Damage damage, CheckResult result) => (_damage, ForceHelps) = (damage, IsInSource(damage, result));

    public string Object => _damage.Object;
    public string Problem => _damage.Problem;
    public string Affects => _damage.Affects;
    public bool ForceHelps { get; }
    public IEnumerable<string> Snapshots => _damage.Snapshots.Select(static s => s.ToString());

    /// <summary>Whether a source may still have what is damaged.</summary>
    internal static bool IsInSource(Damage damage, CheckResult result) => damage.IsContent
        && (damage.Snapshots.Count == 0 ? result.Lacking.Count > 0 : result.Lacking.Any(l => damage.Snapshots.Contains(l.Name)));
}
