using Podsharp.Api.Http;
using Podsharp.Api.Queries;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <param name="Warnings">What was taken but has no effect, in words for the user.</param>
internal sealed record CreateReading(ContainerSpec Spec, IReadOnlyList<string> Warnings);

/// <summary>
/// Turns a create body into what the engine is asked for. All that is in the body is mapped, or refused with a message that names it;
/// messages that clients know from Docker are kept word for word.
/// </summary>
internal static class CreateBodyReader
{
    private static readonly SaidAgain OfTheQuery = new(("platform", "platform"));

    /// <summary>docker-java keeps a registry's credentials in the same object; they are no part of a container, and creating one asks no registry.</summary>
    private const string DockerJavaCredentials = "authConfig";

    public static CreateReading Read(CreateBody body, QueryReader query, ApiVersion version)
    {
        UnknownFields.Refuse(body, [DockerJavaCredentials, .. OfTheQuery.In(query)]);
        if (body == new CreateBody()) throw EngineException.InvalidInput("config cannot be empty in order to create a container");
        var host = OlderVersions.Adapt(body.HostConfig ?? new HostConfig(), version);
        UnsupportedFields.Refuse(host);
        var warnings = new List<string>();
        var spec = new ContainerSpec
        {
            ImageName = body.Image,
            Process = ProcessReader.Read(body, host),
            Hostname = Hostname(body.Hostname),
            DomainName = body.Domainname,
            Labels = body.Labels ?? new Dictionary<string, string>(),
            Annotations = Annotations(host),
            StopSignal = string.IsNullOrEmpty(body.StopSignal) ? null : body.StopSignal,
            StopTimeout = body.StopTimeout,
            HealthCheck = HealthReader.Read(OlderVersions.Adapt(body.Healthcheck, version)),
            RestartPolicy = RestartReader.Read(host),
            AutoRemove = host.AutoRemove,
            PidMode = Mode(host.PidMode, "PID", NamespaceKind.Private, NamespaceKind.Host, NamespaceKind.Container),
            IpcMode = Mode(
                host.IpcMode, "IPC", NamespaceKind.None, NamespaceKind.Private, NamespaceKind.Shareable, NamespaceKind.Host, NamespaceKind.Container),
            UtsMode = Mode(host.UtsMode, "UTS", NamespaceKind.Private, NamespaceKind.Host),
            UserMode = Mode(host.UsernsMode, "USER", NamespaceKind.Host),
            CgroupMode = Mode(host.CgroupnsMode, "cgroup namespace", NamespaceKind.Private, NamespaceKind.Host),
            Network = NetworkReader.Read(body, host, version, warnings),
            Mounts = MountsReader.Read(body, host),
            Resources = ResourceReader.Read(host, warnings),
            Security = SecurityReader.Read(host),
            Log = LogReader.Read(host.LogConfig),
            Init = host.Init,
            ShmSize = ShmSize(host.ShmSize),
            Sysctls = host.Sysctls ?? new Dictionary<string, string>(),
            Runtime = Runtime(host.Runtime ?? ""),
            CgroupParent = host.CgroupParent,
            ContainerIdFile = host.ContainerIdFile,
            GivenEmpty = EmptyLists.In(host),
        };
        ConflictRules.Check(spec);
        return new CreateReading(spec, warnings);
    }

    private static NamespaceMode Mode(string text, string what, params ReadOnlySpan<NamespaceKind> allowed)
    {
        var mode = NamespaceMode.Parse(text, what);
        return mode.Kind == NamespaceKind.Default || allowed.Contains(mode.Kind)
            ? mode
            : throw EngineException.InvalidInput($"invalid {what} mode: {text}");
    }

    // The kernel's limit (sethostname(2)); past it the container would fail at start only.
    private static string Hostname(string name) =>
        name.Length <= 64 ? name : throw EngineException.InvalidInput($"invalid hostname \"{name}\": it is longer than 64 bytes");

    private static long? ShmSize(long bytes) => bytes switch
    {
        < 0 => throw EngineException.InvalidInput("SHM size can not be less than 0"),
        0 => null,
        _ => bytes,
    };

    private static string Runtime(string name) =>
        name is "" or "crun" or "runc" || name.StartsWith('/')
            ? name
            : throw EngineException.InvalidInput($"unknown or invalid runtime name: {name}");

    private static IReadOnlyDictionary<string, string> Annotations(HostConfig host)
    {
        foreach (var name in (host.Annotations ?? new Dictionary<string, string>()).Keys)
        {
            if (name.Length == 0) throw EngineException.InvalidInput("invalid Annotations: the empty string is not permitted as an annotation key");

            // crun obeys these over the configuration: a caller could switch seccomp off or run hooks by them.
            if (name.StartsWith("run.oci.", StringComparison.Ordinal))
                throw EngineException.InvalidInput($"invalid Annotations: {name} is reserved for the OCI runtime");
        }

        return host.Annotations ?? new Dictionary<string, string>();
    }
}
