using System.Globalization;
using System.Text.Json.Nodes;

namespace Podsharp.Benchmarks;

internal static class Report
{
    private static readonly string[] Engines = [Contender.Ours, .. Contender.Peers];

    public static void Print(IReadOnlyList<Result> results)
    {
        var rows = results.Select(Row).Prepend(["work", "", .. Engines, "best peer", "ratio", "must be", "floor", "of floor"]).ToArray();
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
    }

    public static JsonArray ToJson(IReadOnlyList<Result> results) =>
        new([.. results.Select(result => (JsonNode)new JsonObject
        {
            ["work"] = result.Work.Name,
            ["unit"] = result.Work.Unit,
            ["medians"] = new JsonObject(result.Medians.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Math.Round(pair.Value, 2)))),
            ["ratio"] = result.Ratio is { } ratio ? Math.Round(ratio, 2) : null,
            ["target"] = result.Work.Target,
            ["floor"] = result.Floor is { } floor ? Math.Round(floor, 2) : null,
        })]);

    private static string[] Row(Result result) =>
    [
        result.Work.Name,
        result.Work.Unit,
        .. Engines.Select(engine => result.Medians.TryGetValue(engine, out var value) ? Number(value) : "n/a"),
        result.BestPeer?.Key ?? "",
        result.Ratio is { } ratio ? Number(ratio) + "x" : "",
        result.Work.Target > 0 ? Number(result.Work.Target) + "x" : "",
        result.Floor is { } floor ? Number(floor) : "",
        result.Floor is { } bare && result.Ours is { } ours ? Number(ours / bare) + "x" : "",
    ];

    private static string Number(double value) => value.ToString(value < 10 ? "F2" : value < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);
}
