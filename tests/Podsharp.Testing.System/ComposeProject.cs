namespace Podsharp.Testing.System;

/// <summary>A project of one compose client on one engine, in a directory of its own. Disposing it removes what it has in the engine, by other means than compose.</summary>
public sealed class ComposeProject : IAsyncDisposable
{
    private static int _last;

    private readonly EngineUnderTest _engine;
    private readonly string _program;

    private ComposeProject(EngineUnderTest engine, string program, string name)
    {
        _engine = engine;
        _program = program;
        Name = name;
        Directory = global::System.IO.Directory.CreateTempSubdirectory("podsharp-compose-").FullName;
    }

    public string Name { get; }

    public string Directory { get; }

    /// <summary>Names of the files that make the project, in their order.</summary>
    public IReadOnlyList<string> Files { get; set; } = ["docker-compose.yml"];

    public static async Task<ComposeProject> CreateAsync(EngineUnderTest engine, ComposeGeneration generation, string role, string file)
    {
        var program = await ComposeProgram.FindAsync(generation) ?? throw new InvalidOperationException($"no compose of generation {(int)generation} here");
        var name = $"{role}{(int)generation}-{Environment.ProcessId}-{Interlocked.Increment(ref _last)}";
        var project = new ComposeProject(engine, program, name);
        await project.WriteAsync("docker-compose.yml", file);
        return project;
    }

    public Task WriteAsync(string file, string text) => File.WriteAllTextAsync(Path.Join(Directory, file), text);

    public Command Command(params IReadOnlyList<string> arguments) =>
        new(_program, ["--ansi", "never", "-p", Name, "--project-directory", Directory, .. Files.SelectMany(file => (string[])["-f", Path.Join(Directory, file)]), .. arguments])
        {
            Environment = _engine.Docker.Command().Environment,
            Timeout = TimeSpan.FromSeconds(120),
        };

    public Task<CommandResult> RunAsync(params IReadOnlyList<string> arguments) => Command(arguments).RunAsync();

    /// <returns>Standard output without its last line end.</returns>
    /// <exception cref="CommandFailedException">The exit code is not 0.</exception>
    public Task<string> OutputAsync(params IReadOnlyList<string> arguments) => Command(arguments).OutputAsync();

    /// <returns>What a shell script in a service's first container says.</returns>
    public Task<string> SayAsync(string service, string script) => OutputAsync("exec", "-T", service, "sh", "-c", script);

    /// <returns>Ids of the project's containers, or of one service's.</returns>
    public Task<string[]> ContainersAsync(string? service = null, bool running = false) => _engine.Docker.LinesAsync(
        ["ps", "-q", "--no-trunc", .. running ? [] : (string[])["-a"], .. Filter, .. service is null ? [] : (string[])["--filter", $"label=com.docker.compose.service={service}"]]);

    /// <returns>What inspect tells of a service's only container.</returns>
    public async Task<string> InspectAsync(string service, string format) =>
        await _engine.Docker.InspectAsync((await ContainersAsync(service)).Single(), format);

    /// <returns>"kind name" of each thing that the engine has of it.</returns>
    public async Task<IReadOnlyList<string>> RemainsAsync() =>
    [
        .. (await _engine.Docker.LinesAsync(["ps", "-a", "--format", "container {{.Names}}", .. Filter])),
        .. (await _engine.Docker.LinesAsync(["network", "ls", "--format", "network {{.Name}}", .. Filter])),
        .. (await _engine.Docker.LinesAsync(["volume", "ls", "--format", "volume {{.Name}}", .. Filter])),
    ];

    public async ValueTask DisposeAsync()
    {
        var kinds = (await RemainsAsync()).Select(line => line.Split(' ')).ToLookup(words => words[0], words => words[1]);
        if (kinds["container"].Any()) await _engine.Docker.RunAsync(["rm", "-f", "-v", .. kinds["container"]]);
        if (kinds["network"].Any()) await _engine.Docker.RunAsync(["network", "rm", .. kinds["network"]]);
        if (kinds["volume"].Any()) await _engine.Docker.RunAsync(["volume", "rm", .. kinds["volume"]]);
        global::System.IO.Directory.Delete(Directory, recursive: true);
    }

    private string[] Filter => ["--filter", $"label=com.docker.compose.project={Name}"];
}
