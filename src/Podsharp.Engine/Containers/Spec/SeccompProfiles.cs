using System.Collections.Concurrent;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>
/// Turns seccomp profiles as distributions ship them (rules with conditions on architecture, capability and kernel) into the
/// runtime's form. Resolved default profiles are kept, since nearly every container uses the same one.
/// </summary>
internal sealed class SeccompProfiles(EngineOptions options)
{
    private readonly ConcurrentDictionary<string, LinuxSeccomp?> _defaults = new(StringComparer.Ordinal);

    /// <summary>The engine's default for these capabilities; null when the configuration says unconfined.</summary>
    public LinuxSeccomp? Default(IReadOnlyList<string> capabilities, HostFacts host) =>
        _defaults.GetOrAdd(string.Join(',', capabilities), _ => ReadDefault(capabilities, host));

    /// <summary>A profile given as JSON text.</summary>
    public static LinuxSeccomp Parse(string json, IReadOnlyList<string> capabilities, HostFacts host)
    {
        SeccompFile? file;
        try
        {
            file = JsonSerializer.Deserialize(json, SeccompJson.Default.SeccompFile);
        }
        catch (JsonException error)
        {
            // The parser's own words name our types, which tells the author of the profile nothing.
            var place = error.LineNumber is { } line ? $" near line {line + 1}, byte {error.BytePositionInLine}" : "";
            throw EngineException.InvalidInput($"Decoding seccomp profile failed: it is no valid profile in JSON{place}{(error.Path is { Length: > 1 } path ? $" ({path[2..]})" : "")}");
        }

        return file is { DefaultAction.Length: > 0 }
            ? Resolve(file, capabilities, host)
            : throw EngineException.InvalidInput("Decoding seccomp profile failed: it has no defaultAction");
    }

    private LinuxSeccomp? ReadDefault(IReadOnlyList<string> capabilities, HostFacts host)
    {
        if (options.SeccompProfile is "unconfined") return null;
        try
        {
            return Parse(File.ReadAllText(options.SeccompProfile), capabilities, host);
        }
        catch (IOException error)
        {
            throw EngineException.Internal(
                $"the default seccomp profile {options.SeccompProfile} cannot be read ({error.Message}): install containers-common or set seccomp_profile in containers.conf", error);
        }
    }

    private static LinuxSeccomp Resolve(SeccompFile file, IReadOnlyList<string> capabilities, HostFacts host) => new()
    {
        DefaultAction = file.DefaultAction,
        DefaultErrnoRet = file.DefaultErrnoRet,
        Architectures = file.Architectures ?? Architectures(file, host),
        Flags = file.Flags,
        Syscalls = [.. (file.Syscalls ?? []).Where(rule => Applies(rule, capabilities, host)).Select(Translate)],
    };

    private static IReadOnlyList<string>? Architectures(SeccompFile file, HostFacts host)
    {
        var native = host.Architecture switch
        {
            "amd64" => "SCMP_ARCH_X86_64",
            "arm64" => "SCMP_ARCH_AARCH64",
            _ => null,
        };
        var entry = file.ArchMap?.FirstOrDefault(item => item.Architecture == native);
        return entry is null ? null : [entry.Architecture, .. entry.SubArchitectures ?? []];
    }

    private static bool Applies(SeccompFileRule rule, IReadOnlyList<string> capabilities, HostFacts host)
    {
        var includes = rule.Includes;
        var excludes = rule.Excludes;
        return (includes?.Arches is not { Count: > 0 } arches || arches.Contains(host.Architecture))
            && (includes?.Caps is not { Count: > 0 } caps || caps.All(capabilities.Contains))
            && (includes?.MinKernel is not { Length: > 0 } least || KernelAtLeast(host.KernelVersion, least))
            && excludes?.Arches?.Contains(host.Architecture) is not true
            && excludes?.Caps?.Any(capabilities.Contains) is not true
            && (excludes?.MinKernel is not { Length: > 0 } below || !KernelAtLeast(host.KernelVersion, below));
    }

    private static LinuxSyscallRule Translate(SeccompFileRule rule) => new()
    {
        Names = rule.Names ?? (rule.Name is { } name ? [name] : []),
        Action = rule.Action,
        ErrnoRet = rule.ErrnoRet,
        Args = rule.Args is { Count: > 0 } arguments
            ? [.. arguments.Select(static item => new LinuxSyscallArgument(item.Index, item.Value, item.ValueTwo is 0 ? null : item.ValueTwo, item.Op))]
            : null,
    };

    private static bool KernelAtLeast(string kernel, string least) =>
        Version.TryParse(new string([.. kernel.TakeWhile(static letter => char.IsAsciiDigit(letter) || letter == '.')]).TrimEnd('.'), out var running)
        && Version.TryParse(least, out var wanted)
        && running >= wanted;
}
