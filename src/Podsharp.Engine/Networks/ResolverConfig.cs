using System.Text;

namespace Podsharp.Engine.Networks;

/// <summary>What resolv.conf(5) holds, as far as containers are concerned.</summary>
internal sealed record ResolverConfig(IReadOnlyList<string> Servers, IReadOnlyList<string> Searches, IReadOnlyList<string> Options)
{
    /// <summary>Of several search lines the last counts; options add up.</summary>
    public static ResolverConfig Parse(string text)
    {
        var servers = new List<string>();
        string[] searches = [];
        var options = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var server, ..]:
                    servers.Add(server);
                    break;
                case ["search" or "domain", .. var domains]:
                    searches = domains;
                    break;
                case ["options", .. var more]:
                    options.AddRange(more);
                    break;
            }
        }

        return new ResolverConfig(servers, searches, options);
    }

    /// <summary>Adds the option unless it has been given a value already.</summary>
    public ResolverConfig WithOption(string option)
    {
        var name = option.Split(':')[0];
        return Options.Any(other => other.Split(':')[0] == name) ? this : this with { Options = [.. Options, option] };
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var server in Servers) text.Append("nameserver ").Append(server).Append('\n');
        if (Searches.Count > 0) text.Append("search ").AppendJoin(' ', Searches).Append('\n');
        if (Options.Count > 0) text.Append("options ").AppendJoin(' ', Options).Append('\n');
        return text.ToString();
    }
}
