namespace Podsharp.Testing.System;

/// <summary>The unmodified docker command line, pointed at one socket.</summary>
public sealed class DockerCommandLine(string socket)
{
    // Named as what a test's service leaves, so that the next run sweeps away what a killed one could not.
    private static readonly Lazy<string> Configuration = new(MakeConfiguration);

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Join(directory, "docker")));

    public Command Command(params IReadOnlyList<string> arguments) => new("docker", arguments)
    {
        Environment = new Dictionary<string, string>
        {
            ["DOCKER_HOST"] = $"unix://{socket}",
            ["DOCKER_CONFIG"] = Configuration.Value,
            ["DOCKER_CLI_HINTS"] = "false",
            ["TERM"] = "xterm",
        },
    };

    public Task<CommandResult> RunAsync(params IReadOnlyList<string> arguments) => Command(arguments).RunAsync();

    /// <returns>Standard output without its last line end.</returns>
    /// <exception cref="CommandFailedException">The exit code is not 0.</exception>
    public Task<string> OutputAsync(params IReadOnlyList<string> arguments) => Command(arguments).OutputAsync();

    public async Task<string[]> LinesAsync(params IReadOnlyList<string> arguments) =>
        (await OutputAsync(arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public Task<string> InspectAsync(string container, string format) => OutputAsync("container", "inspect", "-f", format, container);

    /// <summary>Makes an empty file in a running container, from outside: a process in it would be killed on its way out by the end of the container that waits for the file.</summary>
    public async Task TouchAsync(string container, string path) => await File.WriteAllTextAsync($"/proc/{await InspectAsync(container, "{{.State.Pid}}")}/root{path}", "");

    public RunningCommand Start(params IReadOnlyList<string> arguments) => Command(arguments).Start();

    public Terminal Terminal(int rows, int columns, params IReadOnlyList<string> arguments) => new(Command(arguments), rows, columns);

    private static string MakeConfiguration()
    {
        var directory = $"{Remains.Prefix}{Environment.ProcessId}-docker";
        Directory.CreateDirectory(directory);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        return directory;
    }
}
