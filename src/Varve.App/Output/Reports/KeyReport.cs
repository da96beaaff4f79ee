using System.Text.Json;
using Varve.Repositories;

namespace Varve.App.Output;

/// <summary>A key slot, for people and as JSON.</summary>
internal static class KeyReport
{
    internal const string Header = "KEY         LEVEL  METHOD    CREATED               LABEL";

    internal static string Line(KeySlotInfo slot) =>
        $"{Human.Short(slot.Name)}{(slot.IsCurrent ? " *" : "  ")}  {KindText.Of(slot.Level),-5}  {slot.Method,-8}  {NameText.Escape(slot.Created),-20}  {NameText.Escape(slot.Label)}";

    /// <summary>The members of a slot's object (docs/json.md, key).</summary>
    internal static void Members(Utf8JsonWriter json, KeySlotInfo slot)
    {
        json.WriteString("key", slot.Name.ToString());
        json.WriteString("level", KindText.Of(slot.Level));
        json.WriteString("method", slot.Method);
        json.WriteString("label", slot.Label);
        json.WriteString("created", slot.Created);
        json.WriteBoolean("current", slot.IsCurrent);
    }
}
