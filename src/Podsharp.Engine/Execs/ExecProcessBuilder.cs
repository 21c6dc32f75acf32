using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;
using Podsharp.Core.Storage;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Spec;

namespace Podsharp.Engine.Execs;

/// <summary>Builds the OCI process of an exec session from its request and its container.</summary>
public sealed class ExecProcessBuilder(IRootedFiles files, IHost host, EngineOptions options)
{
    private readonly UserDatabase _users = new(files);

    public RuntimeProcess Build(Container container, CreateExecRequest request, TerminalSize size)
    {
        var spec = container.Spec;
        var user = _users.Resolve(
            $"/proc/{container.State.Pid}/root", request.User.Length > 0 ? request.User : spec.Process.User, spec.Security.AdditionalGroups);
        var security = spec.Security with { Privileged = spec.Security.Privileged || request.Privileged };
        var process = spec.Process with
        {
            Terminal = request.Terminal,
            Environment = ContainerSpecMerge.MergeEnvironment(spec.Process.Environment, request.Environment),
        };
        if (size is not { Height: > 0, Width: > 0 }) size = request.TerminalSize;
        return new RuntimeProcess
        {
            Terminal = request.Terminal,
            ConsoleSize = request.Terminal && size is { Height: > 0, Width: > 0 } ? new ConsoleSize((uint)size.Height, (uint)size.Width) : null,
            User = new RuntimeUser(user.UserId, user.GroupId, Convert.ToUInt32(options.Umask, 8), user.AdditionalGroups),
            Args = request.Command,
            Env = ProcessPart.Environment(process, options.DefaultEnvironment, HostnameOf(spec), user.Home),
            Cwd = WorkingDirectory(request, spec),
            Capabilities = CapabilityPart.Build(security, options, host.Facts, user.UserId),
            Rlimits = LimitPart.Build(spec.Resources.UserLimits, options, host.Facts),
            NoNewPrivileges = SecurityOptions.Parse(spec.Security.Options).NoNewPrivileges,
            ApparmorProfile = AppArmorProfile(container, request),
            SelinuxLabel = RuntimeSpecBuilder.Label(container.ProcessLabel, host.Facts),
        };
    }

    // Where nothing is said, crun gives it the container's, runc none.
    private static string? AppArmorProfile(Container container, CreateExecRequest request) =>
        container.State.AppArmorProfile.Length == 0 ? null : request.Privileged ? "unconfined" : container.State.AppArmorProfile;

    private string HostnameOf(ContainerSpec spec) => spec.UtsMode.Kind == NamespaceKind.Host ? host.Facts.HostName : spec.Hostname;

    private static string WorkingDirectory(CreateExecRequest request, ContainerSpec spec)
    {
        if (request.WorkingDirectory.Length == 0) return spec.Process.WorkingDirectory is { Length: > 0 } own ? own : "/";
        return request.WorkingDirectory[0] == '/'
            ? request.WorkingDirectory
            : throw EngineException.InvalidInput($"the working directory '{request.WorkingDirectory}' is invalid, it needs to be an absolute path");
    }
}
