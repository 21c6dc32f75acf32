using System.CommandLine;

namespace Podsharp.Cli.Commands.Run;

/// <summary>The command line of run.</summary>
internal static class RunOptions
{
    public static readonly Option<bool> Remove = new("--rm") { Description = "Removes it when it has ended" };
    public static readonly Option<bool> Interactive = new("--interactive", "-i") { Description = "Passes standard input on" };
    public static readonly Option<bool> Tty = new("--tty", "-t") { Description = "Gives it a terminal" };
    public static readonly Option<bool> Detach = new("--detach", "-d") { Description = "Prints the id and leaves it running" };
    public static readonly Option<string?> Name = new("--name") { HelpName = "NAME" };
    public static readonly Option<string[]> Env = new("--env", "-e") { Description = "A variable, or the name of one of yours", HelpName = "NAME=VALUE" };
    public static readonly Option<string[]> EnvFile = new("--env-file") { Description = "A file of variables", HelpName = "FILE" };
    public static readonly Option<string[]> Volume = new("--volume", "-v") { Description = "A directory or volume of the host", HelpName = "FROM:TO[:ro]" };
    public static readonly Option<string[]> Publish = new("--publish", "-p") { Description = "A port of the host", HelpName = "[[IP:]HOST:]PORT[/udp]" };
    public static readonly Option<string?> Network = new("--network") { Description = "bridge, host, none, container:NAME or a network", HelpName = "MODE" };
    public static readonly Option<string?> Entrypoint = new("--entrypoint") { Description = "Instead of the image's", HelpName = "PROGRAM" };
    public static readonly Option<string?> WorkingDirectory = new("--workdir", "-w") { HelpName = "DIR" };
    public static readonly Option<string?> User = new("--user", "-u") { HelpName = "USER[:GROUP]" };
    public static readonly Option<string?> Hostname = new("--hostname") { HelpName = "NAME" };
    public static readonly Option<string[]> Label = new("--label", "-l") { HelpName = "NAME=VALUE" };
    public static readonly Option<string?> Memory = new("--memory", "-m") { Description = "Bytes, or with k, m, g", HelpName = "SIZE" };
    public static readonly Option<decimal?> Cpus = new("--cpus") { HelpName = "NUMBER" };
    public static readonly Option<long?> PidsLimit = new("--pids-limit") { HelpName = "NUMBER" };
    public static readonly Option<bool> Privileged = new("--privileged");
    public static readonly Option<bool> ReadOnly = new("--read-only") { Description = "Its root file system cannot be written" };
    public static readonly Option<string[]> Tmpfs = new("--tmpfs") { HelpName = "DIR[:OPTIONS]" };
    public static readonly Option<bool> Init = new("--init") { Description = "An init process that reaps orphans" };
    public static readonly Option<string[]> CapAdd = new("--cap-add") { HelpName = "CAPABILITY" };
    public static readonly Option<string[]> CapDrop = new("--cap-drop") { HelpName = "CAPABILITY" };
    public static readonly Option<string[]> AddHost = new("--add-host") { HelpName = "NAME:ADDRESS" };
    public static readonly Option<string?> Restart = new("--restart") { Description = "no, always, unless-stopped, on-failure[:TIMES]", HelpName = "POLICY" };
    public static readonly Option<string?> StopSignal = new("--stop-signal") { HelpName = "SIGNAL" };
    public static readonly Argument<string> Image = NameArgument.One("image");
    public static readonly Argument<string[]> Words = new("command") { Arity = ArgumentArity.ZeroOrMore, CaptureRemainingTokens = true };

    public static Command Command() => new("run", "Runs a command in a new container; exits with its exit code.")
    {
        Remove, Interactive, Tty, Detach, Name, Env, EnvFile, Volume, Publish, Network, Entrypoint, WorkingDirectory, User, Hostname, Label,
        Memory, Cpus, PidsLimit, Privileged, ReadOnly, Tmpfs, Init, CapAdd, CapDrop, AddHost, Restart, StopSignal, Image, Words,
    };
}
