namespace Podsharp.Core.Registries;

/// <summary>Runs the programs that keep credentials elsewhere (docker-credential-NAME).</summary>
public interface ICredentialHelpers
{
    /// <summary>Runs <paramref name="program"/> (found by PATH) with the one argument "get" and <paramref name="input"/> on its stdin. Internal when it cannot be run.</summary>
    Task<CredentialHelperReply> GetAsync(string program, string input, CancellationToken cancellationToken);
}

/// <param name="Output">What it wrote to stdout: JSON with a secret, or why it has none. Never to be logged.</param>
public sealed record CredentialHelperReply(int ExitCode, string Output);
