using Podsharp.Core.Containers;
using Podsharp.Core.Images;

namespace Podsharp.Engine.Containers.Commit;

/// <summary>What an image made of a container runs.</summary>
internal static class CommittedProcess
{
    /// <summary>What the container was made to run.</summary>
    public static ImageProcess Of(ContainerSpec spec) => new()
    {
        User = spec.Process.User,
        Environment = spec.Process.Environment,
        Entrypoint = spec.Process.Entrypoint is { Count: > 0 } entrypoint ? entrypoint : null,
        Command = spec.Process.Command is { Count: > 0 } command ? command : null,
        WorkingDirectory = spec.Process.WorkingDirectory,
        ExposedPorts = spec.Network.ExposedPorts,
        Volumes = spec.Mounts.AnonymousVolumes,
        Labels = spec.Labels,
        StopSignal = spec.StopSignal,
        HealthCheck = spec.HealthCheck,
        OnBuild = spec.Process.OnBuild,
        Shell = spec.Process.Shell,
        ArgsEscaped = spec.Process.ArgsEscaped,
    };

    /// <summary>Fills in what was not asked for: lists are united, variables and labels by their names, an entrypoint brings its command along.</summary>
    public static ImageProcess Merge(ImageProcess asked, ImageProcess container)
    {
        var labels = new Dictionary<string, string>(container.Labels);
        foreach (var (key, value) in asked.Labels) labels[key] = value;
        var noEntrypoint = asked.Entrypoint is null or { Count: 0 };
        return asked with
        {
            User = asked.User.Length > 0 ? asked.User : container.User,
            Environment = WithMissing(asked.Environment, container.Environment),
            Entrypoint = asked.Entrypoint ?? container.Entrypoint,
            Command = noEntrypoint && asked.Command is null or { Count: 0 } ? container.Command : asked.Command,
            WorkingDirectory = asked.WorkingDirectory.Length > 0 ? asked.WorkingDirectory : container.WorkingDirectory,
            ExposedPorts = [.. asked.ExposedPorts.Union(container.ExposedPorts)],
            Volumes = [.. asked.Volumes.Union(container.Volumes)],
            Labels = labels,
            StopSignal = asked.StopSignal ?? container.StopSignal,
            HealthCheck = asked.HealthCheck ?? container.HealthCheck,
            OnBuild = asked.OnBuild ?? container.OnBuild,
            Shell = asked.Shell ?? container.Shell,
        };
    }

    private static IReadOnlyList<string> WithMissing(IReadOnlyList<string> asked, IReadOnlyList<string> container)
    {
        var names = asked.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return [.. asked, .. container.Where(variable => !names.Contains(NameOf(variable)))];
    }

    private static string NameOf(string variable) => variable.Split('=', 2)[0];
}
