using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Engine.Containers;

/// <summary>Lays what was asked for over what the image says.</summary>
internal static class ContainerSpecMerge
{
    /// <param name="hostName">The machine's.</param>
    public static ContainerSpec Merge(ContainerSpec asked, ImageProcess image, ContainerId id, string hostName)
    {
        var labels = new Dictionary<string, string>(image.Labels);
        foreach (var (key, value) in asked.Labels) labels[key] = value;
        return asked with
        {
            Process = MergeProcess(asked.Process, image),
            Labels = labels,
            Hostname = Hostname(asked, id, hostName),
            StopSignal = asked.StopSignal ?? image.StopSignal,
            HealthCheck = MergeHealth(asked.HealthCheck, image.HealthCheck),
            Network = asked.Network with { ExposedPorts = [.. asked.Network.ExposedPorts.Union(image.ExposedPorts)] },
            Mounts = asked.Mounts with { AnonymousVolumes = [.. asked.Mounts.AnonymousVolumes.Union(image.Volumes)] },
        };
    }

    private static ProcessSpec MergeProcess(ProcessSpec asked, ImageProcess image)
    {
        var hasEntrypoint = asked.Entrypoint is { Count: > 0 };
        // An entrypoint of one's own drops the image's command as well, [""] too; an empty list ([]) drops the image's entrypoint alone.
        var entrypoint = asked.Entrypoint is [""] ? null : asked.Entrypoint ?? image.Entrypoint;
        var command = asked.Command is { Count: > 0 } ? asked.Command : hasEntrypoint ? asked.Command : image.Command;
        if (entrypoint is null or { Count: 0 } && command is null or { Count: 0 }) throw EngineException.InvalidInput("no command specified");
        return asked with
        {
            Entrypoint = entrypoint,
            Command = command,
            Environment = MergeEnvironment(image.Environment, asked.Environment),
            User = asked.User.Length > 0 ? asked.User : image.User,
            WorkingDirectory = CleanPath(asked.WorkingDirectory.Length > 0 ? asked.WorkingDirectory : image.WorkingDirectory),
            Shell = asked.Shell ?? image.Shell,
            OnBuild = asked.OnBuild ?? image.OnBuild,
        };
    }

    /// <summary>The caller's variables win in place; NAME alone takes the image's away.</summary>
    public static IReadOnlyList<string> MergeEnvironment(IReadOnlyList<string> image, IReadOnlyList<string> asked)
    {
        var names = asked.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return [.. image.Where(entry => !names.Contains(NameOf(entry))), .. asked.Where(static entry => entry.Contains('=', StringComparison.Ordinal))];
    }

    private static string NameOf(string entry)
    {
        var equals = entry.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? entry : entry[..equals];
    }

    private static string Hostname(ContainerSpec asked, ContainerId id, string hostName)
    {
        if (asked.Hostname.Length > 0) return asked.Hostname;
        // By its own id nobody on the host's network would find it; the host's name is what the host's hosts file and name server know.
        if (asked.UtsMode.Kind == NamespaceKind.Host || (asked.Network.Mode.Kind == NamespaceKind.Host && asked.UtsMode.Kind == NamespaceKind.Default)) return hostName;
        return asked.UtsMode.Kind == NamespaceKind.Container || asked.Network.Mode.Kind == NamespaceKind.Container ? "" : id.Short;
    }

    private static string CleanPath(string path)
    {
        if (path.Length == 0) return "";
        if (path[0] != '/') throw EngineException.InvalidInput($"the working directory '{path}' is invalid, it needs to be an absolute path");
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    private static HealthCheck? MergeHealth(HealthCheck? asked, HealthCheck? image)
    {
        if (asked is null) return image;
        if (image is null || asked.Test.Count > 0 && asked.Test[0] == "NONE") return asked;
        return new HealthCheck(
            asked.Test.Count > 0 ? asked.Test : image.Test,
            asked.Interval ?? image.Interval,
            asked.Timeout ?? image.Timeout,
            asked.StartPeriod ?? image.StartPeriod,
            asked.StartInterval ?? image.StartInterval,
            asked.Retries ?? image.Retries);
    }
}
