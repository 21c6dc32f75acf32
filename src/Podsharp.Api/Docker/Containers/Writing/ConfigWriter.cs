using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

/// <summary>The configuration in force: what was asked for, merged with the image's.</summary>
internal static class ConfigWriter
{
    public static ContainerConfig Write(Container container, ApiVersion version)
    {
        var spec = container.Spec;
        var process = spec.Process;
        return new ContainerConfig
        {
            Hostname = Hostname(container),
            Domainname = spec.DomainName,
            User = process.User,
            AttachStdin = process.AttachStdin,
            AttachStdout = process.AttachStdout,
            AttachStderr = process.AttachStderr,
            ExposedPorts = spec.Network.ExposedPorts.Count > 0 ? Set(spec.Network.ExposedPorts.Select(port => port.ToString())) : null,
            Tty = process.Terminal,
            OpenStdin = process.OpenStdin,
            StdinOnce = process.StdinOnce,
            Env = process.Environment.Count > 0 ? process.Environment : null,
            Cmd = process.Command,
            Healthcheck = spec.HealthCheck is { } check ? Health(check, version) : null,
            ArgsEscaped = process.ArgsEscaped,
            Image = spec.ImageName,
            Volumes = spec.Mounts.AnonymousVolumes.Count > 0 ? Set(spec.Mounts.AnonymousVolumes) : null,
            WorkingDir = process.WorkingDirectory,
            Entrypoint = process.Entrypoint,
            NetworkDisabled = spec.Network.Disabled,
            MacAddress = version.AtLeast(1, 52) ? null : HardwareAddress(spec.Network),
            OnBuild = process.OnBuild,
            Labels = spec.Labels,
            StopSignal = spec.StopSignal,
            StopTimeout = spec.StopTimeout,
            Shell = process.Shell,
        };
    }

    private static string Hostname(Container container)
    {
        var spec = container.Spec;
        if (spec.Hostname.Length > 0) return spec.Hostname;
        var shared = spec.UtsMode.Kind == NamespaceKind.Host || spec.Network.Mode.Kind is NamespaceKind.Host or NamespaceKind.Container;
        return shared ? "" : container.Id.Short;
    }

    // What was asked for the first network, said where older clients look for it; null: nothing was.
    private static string? HardwareAddress(NetworkSpec network)
    {
        if (network.MacAddress.Length > 0) return network.MacAddress;
        var main = network.Written is "" or "default" ? "bridge" : network.Written;
        return network.Endpoints.GetValueOrDefault(main)?.MacAddress is { Length: > 0 } address ? address : null;
    }

    private static Dictionary<string, EmptyObject?> Set(IEnumerable<string> keys) =>
        keys.Distinct().ToDictionary(key => key, EmptyObject? (_) => EmptyObject.Value);

    private static HealthConfig Health(HealthCheck check, ApiVersion version) => new()
    {
        Test = check.Test.Count > 0 ? check.Test : null,
        Interval = Nanoseconds(check.Interval),
        Timeout = Nanoseconds(check.Timeout),
        StartPeriod = Nanoseconds(check.StartPeriod),
        StartInterval = version.AtLeast(1, 44) ? Nanoseconds(check.StartInterval) : 0,
        Retries = check.Retries ?? 0,
    };

    private static long Nanoseconds(TimeSpan? duration) => (duration?.Ticks ?? 0) * TimeSpan.NanosecondsPerTick;
}
