using System.CommandLine;

namespace Podsharp.Cli.Commands;

/// <summary>Names of images and containers. No name starts with a dash: what does is an option that there is not.</summary>
internal static class NameArgument
{
    public static Argument<string> One(string name) => Strict(new Argument<string>(name));

    public static Argument<string[]> Many(string name) => Strict(new Argument<string[]>(name) { Arity = ArgumentArity.OneOrMore });

    private static T Strict<T>(T argument)
        where T : Argument
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } unknown)
                result.AddError($"there is no option {unknown.Value}");
        });
        return argument;
    }
}
