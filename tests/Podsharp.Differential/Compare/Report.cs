namespace Podsharp.Differential.Compare;

/// <summary>Gathers differences over the versions and prints each once.</summary>
public sealed class Report(AllowList allowed)
{
    private readonly Dictionary<Difference, List<string>> _found = [];

    public int Replies { get; private set; }

    public int Allowed { get; private set; }

    public int Count => _found.Count;

    public void Add(string version, IEnumerable<Difference> differences)
    {
        Replies++;
        foreach (var difference in differences)
        {
            if (allowed.Allows(version, difference))
            {
                Allowed++;
                continue;
            }
            if (!_found.TryGetValue(difference, out var versions)) _found[difference] = versions = [];
            versions.Add(version);
        }
    }

    public void Print(TextWriter output, bool whole)
    {
        foreach (var step in _found.GroupBy(found => found.Key.Step))
        {
            output.WriteLine(step.Key);
            foreach (var (difference, versions) in step)
                output.WriteLine($"    {difference.Place} | {difference.Ours} | {difference.Peers}    [{string.Join(' ', versions)}]");
        }
        if (whole)
            foreach (var entry in allowed.Unused) output.WriteLine($"allowed, but not met: {entry}");
        output.WriteLine($"{Replies} replies compared, {Count} differences, {Allowed} allowed by {allowed.Count} entries");
    }
}
