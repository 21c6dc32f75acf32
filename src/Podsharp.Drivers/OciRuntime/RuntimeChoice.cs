using System.Collections.Concurrent;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.OciRuntime;

/// <summary>Which OCI runtime a container is made with, and which one it was made with.</summary>
internal sealed class RuntimeChoice(DriverOptions options)
{
    private const string Preferred = "crun";
    private const string Fallback = "runc";

    private readonly ConcurrentDictionary<string, Runtime> _byName = new();
    private readonly ConcurrentDictionary<ContainerId, Runtime> _byContainer = new();
    private volatile bool _preferredRefuses;

    /// <summary>The engine's default as it stands.</summary>
    public Runtime Default =>
        options.Runtime == Preferred && (_preferredRefuses || Locate(Preferred) is null) ? Find(Fallback) : Find(options.Runtime);

    /// <param name="asked">A name or a path; empty: the default.</param>
    public Runtime For(string asked) => asked.Length == 0 ? Default : Find(asked);

    /// <summary>After crun has refused the machine's control groups; null when there is nothing to fall back to.</summary>
    public Runtime? FallBackFrom(Runtime refused)
    {
        if (refused != Find(Preferred) || Locate(Fallback) is null) return null;
        _preferredRefuses = true;
        return Find(Fallback);
    }

    /// <summary>A link in the container's run directory tells the next service too.</summary>
    public void Remember(ContainerId id, Runtime runtime)
    {
        var link = Link(id);
        File.Delete(link);
        File.CreateSymbolicLink(link, runtime.Path);
        _byContainer[id] = runtime;
    }

    public Runtime Of(ContainerId id) =>
        _byContainer.TryGetValue(id, out var known) ? known
        : new FileInfo(Link(id)).LinkTarget is { } target ? _byContainer.GetOrAdd(id, Find(target))
        : Default;

    public void Forget(ContainerId id)
    {
        _byContainer.TryRemove(id, out _);
        if (Directory.Exists(options.Paths.RunContainer(id))) File.Delete(Link(id));
    }

    private string Link(ContainerId id) => Path.Join(options.Paths.RunContainer(id), "runtime");

    private Runtime Find(string name) =>
        _byName.TryGetValue(name, out var known) ? known : _byName.GetOrAdd(name, Make(name));

    private Runtime Make(string name)
    {
        var path = Locate(name) ?? throw EngineException.InvalidInput(
            $"unknown or invalid runtime name: {name} (no such executable; install it or name one that is there with --runtime)");
        return new Runtime(path, Path.Join(options.Paths.RuntimeState, Path.GetFileName(path)), options.ControlGroups, options.ToolEnvironment);
    }

    private string? Locate(string name)
    {
        if (options.RuntimePaths.TryGetValue(name, out var candidates) && candidates.FirstOrDefault(File.Exists) is { } configured)
            return configured;
        return ExecutablePath.Find(name);
    }
}
