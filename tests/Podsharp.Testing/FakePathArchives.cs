using Podsharp.Core.Storage;

namespace Podsharp.Testing;

/// <summary>Paths that are there, without contents.</summary>
public sealed class FakePathArchives : IPathArchives
{
    /// <summary>By the path that is asked for.</summary>
    public Dictionary<string, PathFacts> Paths { get; } = [];

    /// <summary>Where something was unpacked, with the rules for it.</summary>
    public List<(string Path, ExtractionRules Rules)> Extracted { get; } = [];

    /// <summary>Called while something is unpacked.</summary>
    public Func<CancellationToken, Task> WhileExtracting { get; set; } = _ => Task.CompletedTask;

    public void Put(string path, PathForm form, string? target = null) => Paths[path] = new PathFacts(path, form, 0b111_101_101, 0, 0, 0, target ?? path);

    public PathFacts? Look(string root, string path) => Paths.GetValueOrDefault(path);

    public IOutgoingArchive Open(string root, PathFacts facts, IReadOnlyCollection<string> mounts) => throw new NotSupportedException();

    public async Task ExtractAsync(string root, PathFacts directory, Stream tar, ExtractionRules rules, CancellationToken cancellationToken)
    {
        await WhileExtracting(cancellationToken);
        Extracted.Add((directory.Target, rules));
    }
}
