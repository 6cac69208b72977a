namespace Http2.Shell;

/// <summary>
/// Something that calls user code, for the owner to do when it is not in the midst of anything: neither in a transition of the core nor in a
/// command of the application, which must come to its end whatever the user code does.
/// </summary>
internal interface IUserWork
{
    /// <summary>Does it. Owner only.</summary>
    /// <returns>False when the call was left behind, and the connection with it: whoever called this must return at once.</returns>
    bool Run();
}
