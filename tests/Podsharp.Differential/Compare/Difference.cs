namespace Podsharp.Differential.Compare;

/// <summary>At one place of one step's reply the engines say different things.</summary>
public sealed record Difference(string Step, string Place, string Ours, string Peers)
{
    public const string Absent = "absent";

    /// <returns>The differences of two replies. What lies below a place that only one of them has is not told again.</returns>
    public static IEnumerable<Difference> Between(string step, IReadOnlyDictionary<string, SortedSet<string>> ours, IReadOnlyDictionary<string, SortedSet<string>> peers)
    {
        // What follows from another status is noise.
        if (!ours["status"].SetEquals(peers["status"]))
        {
            yield return new Difference(step, "status", Whole(ours), Whole(peers));
            yield break;
        }
        string? told = null;
        foreach (var place in ours.Keys.Union(peers.Keys).Order(StringComparer.Ordinal))
        {
            if (told is not null && (place.StartsWith(told + ".", StringComparison.Ordinal) || place.StartsWith(told + "[]", StringComparison.Ordinal))) continue;
            var (mine, theirs) = (ours.GetValueOrDefault(place), peers.GetValueOrDefault(place));
            if (mine is not null && theirs is not null && mine.SetEquals(theirs)) continue;
            if (mine is null || theirs is null || IsBare(mine) || IsBare(theirs)) told = place;
            yield return new Difference(step, place, Text(mine), Text(theirs));
        }
    }

    private static bool IsBare(SortedSet<string> found) => found.All(value => value is "null" or "[]" or "{}");

    private static string Text(SortedSet<string>? found) => found is null ? Absent : string.Join(" or ", found).ReplaceLineEndings("⏎");

    private static string Whole(IReadOnlyDictionary<string, SortedSet<string>> places)
    {
        var detail = places.GetValueOrDefault(".message") ?? places.GetValueOrDefault("body");
        return detail is null ? Text(places["status"]) : $"{Text(places["status"])} {Text(detail)}";
    }
}
