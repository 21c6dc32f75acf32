using Podsharp.Core.Errors;
using Podsharp.Core.Storage;

namespace Podsharp.Testing;

/// <summary>Labels in memory: a path that nobody labelled has none.</summary>
public sealed class FakeFileLabels : IFileLabels
{
    public Dictionary<string, string> Labels { get; } = [];

    public List<string> Relabelled { get; } = [];

    public string? LabelOf(string path) => Labels.GetValueOrDefault(path);

    public Task RelabelAsync(string path, string label, CancellationToken cancellationToken)
    {
        if (path == "/etc") throw EngineException.Internal($"SELinux relabeling of {path} is not allowed");
        Labels[path] = label;
        Relabelled.Add(path);
        return Task.CompletedTask;
    }
}
