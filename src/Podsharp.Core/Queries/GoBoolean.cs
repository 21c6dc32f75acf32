namespace Podsharp.Core.Queries;

/// <summary>Truth as clients of Docker write it in texts: the words that Go's programs take (strconv.ParseBool).</summary>
public static class GoBoolean
{
    /// <returns>Null: it is none of the words.</returns>
    public static bool? Parse(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "True" or "TRUE" => true,
        "0" or "f" or "F" or "false" or "False" or "FALSE" => false,
        _ => null,
    };
}
