using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Varve.App.Output.Reports;

/// <summary>One object, members named by the columns (docs/json.md, sql).</summary>
internal sealed class SqlRowConverter : JsonConverter<SqlRow>
{
    public override SqlRow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, SqlRow value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        for (int i = 0; i < value.Values.Count; i++)
        {
            string name = value.Names[i];
            switch (value.Values[i])
            {
                case null: writer.WriteNull(name); break;
                case long number: writer.WriteNumber(name, number); break;
                case double number when double.IsFinite(number): writer.WriteNumber(name, number); break;
                case byte[] blob:
                    writer.WriteStartObject(name);
                    writer.WriteBase64String("base64", blob);
                    writer.WriteEndObject();
                    break;
                case var other: writer.WriteString(name, Convert.ToString(other, CultureInfo.InvariantCulture)); break;
            }
        }

        writer.WriteEndObject();
    }
}
