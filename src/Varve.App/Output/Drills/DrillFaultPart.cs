using System.Text.Json.Serialization;
using Varve.App.Output.Json;
using Varve.Service;

namespace Varve.App.Output.Drills;

/// <summary>Something that a drill found to be otherwise, in a list of such.</summary>
internal readonly struct DrillFaultPart
{
    private readonly DrillFault _fault;

    internal DrillFaultPart(DrillFault fault) => _fault = fault;

    public string Snapshot => _fault.Snapshot.Name.ToString();
    public ByteText? Path => ByteText.From(_fault.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path?.Other;
    public string Problem => _fault.Problem;
}
