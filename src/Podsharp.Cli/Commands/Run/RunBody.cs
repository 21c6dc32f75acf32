using System.CommandLine;
using System.Globalization;
using Podsharp.Cli.Native;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Cli.Commands.Run;

/// <summary>Turns the command line of run into the body of a create request.</summary>
internal static class RunBody
{
    public static CreateBody Read(ParseResult parsed)
    {
        var detach = parsed.GetValue(RunOptions.Detach);
        var interactive = parsed.GetValue(RunOptions.Interactive);
        var ports = PublishOption.Read(parsed.GetValue(RunOptions.Publish) ?? []);
        var volumes = (parsed.GetValue(RunOptions.Volume) ?? []).Select(text => VolumeOption.Read(text, Environment.CurrentDirectory)).ToList();
        return new CreateBody
        {
            Image = parsed.GetRequiredValue(RunOptions.Image),
            Cmd = parsed.GetValue(RunOptions.Words) is { Length: > 0 } words ? words : null,
            Entrypoint = parsed.GetValue(RunOptions.Entrypoint) is { } entrypoint ? [entrypoint] : null,
            Hostname = parsed.GetValue(RunOptions.Hostname) ?? "",
            User = parsed.GetValue(RunOptions.User) ?? "",
            WorkingDir = parsed.GetValue(RunOptions.WorkingDirectory) ?? "",
            AttachStdin = interactive && !detach,
            AttachStdout = !detach,
            AttachStderr = !detach,
            OpenStdin = interactive,
            StdinOnce = interactive && !detach,
            Tty = parsed.GetValue(RunOptions.Tty),
            Env = EnvironmentOption.Read(
                parsed.GetValue(RunOptions.Env) ?? [], (parsed.GetValue(RunOptions.EnvFile) ?? []).SelectMany(Lines), Environment.GetEnvironmentVariable),
            Labels = (parsed.GetValue(RunOptions.Label) ?? []).Select(label => label.Split('=', 2))
                .GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.Last().ElementAtOrDefault(1) ?? ""),
            StopSignal = parsed.GetValue(RunOptions.StopSignal),
            ExposedPorts = ports.Count > 0 ? ports.Keys.ToDictionary(port => port, EmptyObject? (_) => EmptyObject.Value) : null,
            Volumes = volumes.Any(volume => volume.Nameless)
                ? volumes.Where(volume => volume.Nameless).ToDictionary(volume => volume.Text, EmptyObject? (_) => EmptyObject.Value)
                : null,
            HostConfig = HostConfig(parsed, ports, [.. volumes.Where(volume => !volume.Nameless).Select(volume => volume.Text)]),
        };
    }

    private static HostConfig HostConfig(
        ParseResult parsed, IReadOnlyDictionary<string, IReadOnlyList<PortBinding?>?> ports, IReadOnlyList<string> binds) => new()
        {
            Binds = binds,
            PortBindings = ports,
            NetworkMode = parsed.GetValue(RunOptions.Network) ?? "default",
            AutoRemove = parsed.GetValue(RunOptions.Remove),
            RestartPolicy = Restart(parsed.GetValue(RunOptions.Restart)),
            Memory = parsed.GetValue(RunOptions.Memory) is { } memory ? Bytes(memory) : 0,
            NanoCpus = (long)((parsed.GetValue(RunOptions.Cpus) ?? 0) * 1_000_000_000),
            PidsLimit = parsed.GetValue(RunOptions.PidsLimit),
            Privileged = parsed.GetValue(RunOptions.Privileged),
            ReadonlyRootfs = parsed.GetValue(RunOptions.ReadOnly),
            Tmpfs = parsed.GetValue(RunOptions.Tmpfs) is { Length: > 0 } tmpfs
                ? tmpfs.Select(text => text.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? "")
                : null,
            Init = parsed.GetValue(RunOptions.Init) ? true : null,
            CapAdd = parsed.GetValue(RunOptions.CapAdd),
            CapDrop = parsed.GetValue(RunOptions.CapDrop),
            ExtraHosts = parsed.GetValue(RunOptions.AddHost),
            ConsoleSize = parsed.GetValue(RunOptions.Tty) && Terminal.Size() is var (height, width) ? [height, width] : [0, 0],
        };

    internal static long Bytes(string text)
    {
        var number = text.TrimEnd('b', 'B', 'i');
        var factor = number.Length == 0 ? 1 : char.ToLowerInvariant(number[^1]) switch
        {
            'k' => 1L << 10, 'm' => 1L << 20, 'g' => 1L << 30, 't' => 1L << 40, _ => 1,
        };
        if (factor > 1) number = number[..^1];
        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            ? (long)(count * factor)
            : throw new CliFailure($"invalid size \"{text}\": want a number of bytes, or one with k, m or g", ExitCodes.EngineFailed);
    }

    internal static RestartPolicy Restart(string? text)
    {
        if (string.IsNullOrEmpty(text)) return new RestartPolicy { Name = "no" };
        var parts = text.Split(':', 2);
        if (parts.Length == 1) return new RestartPolicy { Name = parts[0] };
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var times)
            ? new RestartPolicy { Name = parts[0], MaximumRetryCount = times }
            : throw new CliFailure($"invalid restart policy \"{text}\": want on-failure:TIMES", ExitCodes.EngineFailed);
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(exception.Message, ExitCodes.EngineFailed);
        }
    }
}
