using Podsharp.Core.Containers;
using Podsharp.Core.Oci;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>The main process (runtime-spec config.md, Process).</summary>
internal static class ProcessPart
{
    /// <summary>Where the init program is mounted: dockerd's place, over which nobody mounts a tmpfs as over /run.</summary>
    public const string InitTarget = "/sbin/docker-init";

    public static RuntimeProcess Build(LaunchContext context)
    {
        var process = context.Spec.Process;
        return new RuntimeProcess
        {
            Terminal = process.Terminal,
            ConsoleSize = process.Terminal && process.TerminalSize is { Height: > 0, Width: > 0 } size
                ? new ConsoleSize((uint)size.Height, (uint)size.Width)
                : null,
            User = new RuntimeUser(
                context.User.UserId, context.User.GroupId, Convert.ToUInt32(context.Options.Umask, 8), context.User.AdditionalGroups),
            Args = Arguments(context),
            Env = Environment(process, context.Options.DefaultEnvironment, Hostname(context), context.User.Home),
            Cwd = process.WorkingDirectory is { Length: > 0 } directory ? directory : "/",
            Capabilities = CapabilityPart.Build(context.Spec.Security, context.Options, context.Host, context.User.UserId),
            Rlimits = LimitPart.Build(context.Spec.Resources.UserLimits, context.Options, context.Host),
            NoNewPrivileges = SecurityOptions.Parse(context.Spec.Security.Options).NoNewPrivileges,
            ApparmorProfile = context.AppArmorProfile is { Length: > 0 } profile ? profile : null,
            SelinuxLabel = RuntimeSpecBuilder.Label(context.Container.ProcessLabel, context.Host),
            OomScoreAdj = context.Spec.Security.OomScoreAdjust,
        };
    }

    /// <summary>Later variables win; what is missing of PATH, HOSTNAME, HOME and TERM is added.</summary>
    public static IReadOnlyList<string> Environment(ProcessSpec process, IReadOnlyList<string> defaults, string hostname, string home)
    {
        var variables = new List<string>(process.Environment.Count + 4);
        variables.AddRange(process.Environment.Where(static entry => entry.Contains('=', StringComparison.Ordinal)));
        foreach (var entry in defaults) AddMissing(variables, entry);
        AddMissing(variables, "HOSTNAME=" + hostname);
        AddMissing(variables, "HOME=" + home);
        if (process.Terminal) AddMissing(variables, "TERM=xterm");
        return variables;
    }

    public static string Hostname(LaunchContext context) => context.Spec.UtsMode.Kind == NamespaceKind.Host
        ? context.Host.HostName
        : context.Spec.Hostname;

    private static IReadOnlyList<string> Arguments(LaunchContext context)
    {
        var process = context.Spec.Process;
        IReadOnlyList<string> command = [.. process.Entrypoint ?? [], .. process.Command ?? []];
        return context.Spec.Init ?? context.Options.Init ? [InitTarget, "--", .. command] : command;
    }

    private static void AddMissing(List<string> variables, string entry)
    {
        var name = entry.AsSpan(0, entry.IndexOf('=', StringComparison.Ordinal) + 1);
        foreach (var variable in variables)
            if (variable.AsSpan().StartsWith(name, StringComparison.Ordinal)) return;
        variables.Add(entry);
    }
}
