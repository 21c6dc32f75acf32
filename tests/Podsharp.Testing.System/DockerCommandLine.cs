namespace Podsharp.Testing.System;

/// <summary>The unmodified docker command line, pointed at one socket.</summary>
public sealed class DockerCommandLine(string socket)
{
    private static readonly string Configuration = Directory.CreateTempSubdirectory("podsharp-docker-config-").FullName;

    public Command Command(params IReadOnlyList<string> arguments) => new("docker", arguments)
    {
        Environment = new Dictionary<string, string>
        {
            ["DOCKER_HOST"] = $"unix://{socket}",
            ["DOCKER_CONFIG"] = Configuration,
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

    public RunningCommand Start(params IReadOnlyList<string> arguments) => Command(arguments).Start();

    public Terminal Terminal(int rows, int columns, params IReadOnlyList<string> arguments) => new(Command(arguments), rows, columns);
}
